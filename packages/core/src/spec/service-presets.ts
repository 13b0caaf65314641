import type { ServiceType } from "./supporting-service-spec";

/** Where a supporting service finds its connection. */
export const connectionPaths = {
  folder: "/run/pgharbor/connection",
  uri: "/run/pgharbor/connection/uri",
  serviceFile: "/run/pgharbor/connection/pg_service.conf",
  json: "/run/pgharbor/connection/connection.json",
  caCertificate: "/run/pgharbor/connection/ca.crt",
} as const;

/** What is known of a kind of service that has an image of ours. */
export interface ServicePreset {
  /** The release that the image holds. */
  release: string;
  containerPort: number;
  /** Numeric user and group of the image. */
  user: string;
  configPath: string;
  /** Keys of `config.values` and what they may be. */
  configKeys: Record<string, { pattern: RegExp; says: string }>;
}

const trueOrFalse = { pattern: /^(true|false)$/, says: '"true" or "false"' };
const count = { pattern: /^[1-9]\d{0,8}$/, says: 'a whole number from 1, in quotes, such as "1000"' };

export const servicePresets: Partial<Record<ServiceType, ServicePreset>> = {
  mcp: {
    release: "1.4.0",
    containerPort: 8080,
    user: "105:107",
    configPath: "/etc/pgharbor-mcp/settings.json",
    // DBHub's query_timeout is a startup parameter, which PgBouncer refuses: the user's `parameters` set statement_timeout instead.
    configKeys: {
      /** Whether agents may write. Off by default: then only SELECT, WITH, EXPLAIN and SHOW, in read-only transactions. */
      allow_writes: trueOrFalse,
      /** Most rows of one answer. */
      max_rows: count,
    },
  },
};
