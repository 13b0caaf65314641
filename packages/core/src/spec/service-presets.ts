import type { ServiceType } from "./supporting-service-spec";

/** Paths of the connection files in a supporting service's container. */
export const connectionPaths = {
  folder: "/run/pgharbor/connection",
  uri: "/run/pgharbor/connection/uri",
  serviceFile: "/run/pgharbor/connection/pg_service.conf",
  json: "/run/pgharbor/connection/connection.json",
  caCertificate: "/run/pgharbor/connection/ca.crt",
} as const;

/** Allowed values of a configuration key. */
export interface AllowedValues {
  pattern: RegExp;
  /** Describes the allowed values, for messages. */
  expected: string;
}

/** Fixed properties of a service type that has an image. */
export interface ServicePreset {
  /** The release in the image. */
  release: string;
  /** The port on which the program listens. */
  containerPort: number;
  /** Numeric user and group of the image. */
  user: string;
  /** Absolute path of the configuration file. */
  configPath: string;
  /** Keys of `config.values` and their allowed values. */
  configKeys: Record<string, AllowedValues>;
}

const trueOrFalse = { pattern: /^(true|false)$/, expected: '"true" or "false"' };
const count = { pattern: /^[1-9]\d{0,8}$/, expected: 'a whole number from 1, in quotes, such as "1000"' };

export const servicePresets: Partial<Record<ServiceType, ServicePreset>> = {
  mcp: {
    release: "1.4.0",
    containerPort: 8080,
    user: "105:107",
    configPath: "/etc/pgharbor-mcp/settings.json",
    // DBHub's query_timeout is a startup parameter, which PgBouncer refuses: the user's `parameters` set statement_timeout instead.
    configKeys: {
      /** Allows agents to write. Off by default: then only SELECT, WITH, EXPLAIN and SHOW, in read-only transactions. */
      allow_writes: trueOrFalse,
      /** Maximum number of rows in one answer. */
      max_rows: count,
    },
  },
};
