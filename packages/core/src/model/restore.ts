import { names } from "../names";
import type { Read } from "../read/read";
import type { ClusterSpec, RestoreSpec } from "../spec";
import { platformIn } from "./platform";
import { resolveObjectStore } from "./storage";
import type { ResolvedRestore, ResolvedStorage, RestoreTarget } from "./types";

const DEFAULT_REPOSITORY = "local";

export function resolveRestore(name: string, { restore, docker }: Read<ClusterSpec>): ResolvedRestore | undefined {
  if (restore === undefined) return undefined;
  const { cluster = "", repository = DEFAULT_REPOSITORY, set } = restore;
  const storage: ResolvedStorage = resolveObjectStore(cluster, restore, platformIn({ docker })) ?? {
    type: "volume",
    name: names.repositoryVolume(cluster, repository),
  };
  const target = resolveTarget(restore);
  const point = names.restorePoint(JSON.stringify([storage.type === "volume" ? storage.name : storage, target, set]));
  return { host: names.restore(name, point), point, stanza: cluster, storage, target, set };
}

function resolveTarget({ time, lsn, xid, name, immediate }: Read<RestoreSpec>): RestoreTarget {
  if (time !== undefined) return { type: "time", value: postgresTime(time) };
  if (lsn !== undefined) return { type: "lsn", value: lsn };
  if (xid !== undefined) return { type: "xid", value: xid };
  if (name !== undefined) return { type: "name", value: name };
  return { type: immediate === true ? "immediate" : "default" };
}

/** "2026-11-28T21:00:00Z" in the form that both PostgreSQL and pgBackRest read. */
const postgresTime = (time: string): string => time.replace("T", " ").replace(/Z$/, "+00");
