import { mergedPool } from "../../model/pool";
import type { PoolSpec } from "../../spec";
import { isParameter, repeated } from "../shared/patterns";
import { problemsOf, show, under, type Problem } from "../../errors";
import type { Read } from "../../read/read";
import { checkSqlName, checkUserName } from "../sql/names";

/** Checks ignoreStartupParameters, and the names of users and databases with pool settings. */
export function checkPoolNames(at: string, pool: Read<PoolSpec> = {}): Problem[] {
  const users = Object.keys(pool.users ?? {});
  const databases = Object.keys(pool.databases ?? {});
  return [
    ...checkIgnored(under(at, "ignoreStartupParameters"), pool.ignoreStartupParameters),
    ...users.flatMap((name) => {
      const path = under(under(at, "users"), name);
      const named = checkUserName(path, name);
      const unwritable = {
        when: named.length === 0 && name.includes("$"),
        path,
        message: `cannot be written in pgbouncer.ini because of the $, got ${show(name)}; set it for the database, or rename the user`,
      };
      return [...named, ...problemsOf([unwritable])];
    }),
    ...databases.flatMap((name) => {
      const path = under(under(at, "databases"), name);
      return [
        ...checkSqlName(path, name, "database"),
        ...problemsOf([
          {
            when: name === "pgbouncer",
            path,
            message: `is PgBouncer's admin console, got ${show(name)}; remove it`,
          },
        ]),
      ];
    }),
  ];
}

/** PgBouncer or the server uses these startup parameters, so they cannot be ignored. */
const ownParameters = [
  "application_name",
  "client_encoding",
  "database",
  "datestyle",
  "default_transaction_read_only",
  "intervalstyle",
  "replication",
  "standard_conforming_strings",
  "timezone",
  "user",
];

function checkIgnored(at: string, names: (string | undefined)[] = []): Problem[] {
  const twice = repeated(names);
  return names.flatMap((name, i) =>
    name === undefined
      ? []
      : problemsOf([
          {
            when: !isParameter(name),
            path: under(at, i),
            message: `must be the name of a parameter in lower case, or "options", got ${show(name)}`,
          },
          {
            when: ownParameters.includes(name),
            path: under(at, i),
            message: `is tracked for each client, got ${show(name)} by PgBouncer; leave it out`,
          },
          { when: twice.includes(i), path: under(at, i), message: `is listed twice, got ${show(name)}; remove one` },
        ]),
  );
}

/** Pool settings of a service, with their paths: the cluster's at `pool`, the service's at `at`. */
export interface WrittenPool {
  cluster?: Read<PoolSpec>;
  own?: Read<PoolSpec>;
  at: string;
}

/** Sizes above the limit of one database. `byDefault`: maxDbConnections if none is written. */
export function checkPoolSizes({ cluster, own, at }: WrittenPool, byDefault: number): Problem[] {
  const pool = mergedPool(cluster, own);
  const most = pool.maxDbConnections ?? byDefault;
  const share = pool.maxDbConnections === undefined ? ", its share of max_connections" : "";
  const tooLarge = (path: string, size: number | undefined): Problem[] =>
    problemsOf([
      {
        when: size !== undefined && size > most,
        path,
        message: `can never be reached, got ${size}: maxDbConnections is ${most}${share}; lower it to ${most}`,
      },
    ]);
  const databases = Object.entries(pool.databases ?? {}).flatMap(([name, { size }]) => {
    const writtenAt = ownSize(own, name) === undefined ? "pool" : at;
    return tooLarge(`${under(`${writtenAt}.databases`, name)}.size`, size);
  });
  return [...tooLarge(`${own?.size === undefined ? "pool" : at}.size`, pool.size), ...databases];
}

const ownSize = (own: Read<PoolSpec> | undefined, name: string): number | undefined =>
  Object.hasOwn(own?.databases ?? {}, name) ? own?.databases?.[name]?.size : undefined;
