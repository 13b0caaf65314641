import type { Read } from "../read/read";
import { PoolMode, type PoolSpec } from "../spec";
import { definedItems, definedOnly } from "../spec/defined-only";
import type { ResolvedPool } from "./types";

/** Pool settings of a service: its own override the cluster's, also field by field for each user and database. */
export function mergedPool(cluster: Read<PoolSpec> | undefined, own: Read<PoolSpec> | undefined): Read<PoolSpec> {
  return {
    ...definedOnly(cluster),
    ...definedOnly(own),
    users: mergedEntries(cluster?.users, own?.users),
    databases: mergedEntries(cluster?.databases, own?.databases),
  };
}

function mergedEntries<T extends object>(
  under: Record<string, T> = {},
  over: Record<string, T> = {},
): Record<string, T> {
  const keys = [...new Set([...Object.keys(under), ...Object.keys(over)])];
  const of = (entries: Record<string, T>, key: string) => (Object.hasOwn(entries, key) ? entries[key] : undefined);
  return Object.fromEntries(
    keys.map((key) => [key, { ...definedOnly(of(under, key)), ...definedOnly(of(over, key)) } as T]),
  );
}

/** `maxDbConnections`: the pooler's default share. */
export function resolvePool(
  cluster: Read<PoolSpec> | undefined,
  own: Read<PoolSpec> | undefined,
  maxDbConnections: number,
): ResolvedPool {
  const pool = mergedPool(cluster, own);
  return {
    mode: pool.mode ?? PoolMode.Transaction,
    size: pool.size ?? 20,
    reserveSize: pool.reserveSize ?? 5,
    maxDbConnections: pool.maxDbConnections ?? maxDbConnections,
    maxClientConnections: pool.maxClientConnections ?? 3000,
    ignoreStartupParameters: definedItems(pool.ignoreStartupParameters ?? []),
    resetAfterTransaction: pool.resetAfterTransaction ?? false,
    users: pool.users,
    databases: pool.databases,
  };
}
