import type { ObjectStoreSpec } from "./object-store-spec";

/**
 * The backups that a new cluster starts from, and the point in time. They are in a volume of the same Docker engine or Kubernetes namespace
 * (`repository`), or in one of `s3`, `gcs` and `azure`, with the values that the cluster whose backups they are has there. At most one of
 * `time`, `lsn`, `xid`, `name` and `immediate`; without any, everything that was archived is recovered. The argument `restorePassphrase` gives the passphrase. It applies when the cluster is
 * created; later it may stay or be removed, and nothing restarts, but it cannot change.
 */
export interface RestoreSpec extends ObjectStoreSpec {
  /** Name of the cluster whose backups these are. It may run on: they are only read. */
  cluster: string;
  /** Name of the repository with a volume. @default "local" without `s3`, `gcs` and `azure` */
  repository?: string;
  /** The instant, with its time zone: "2026-11-28T21:00:00Z". Transactions that were committed later are not recovered. */
  time?: string;
  /** The position in the WAL, such as "0/3000148". */
  lsn?: string;
  /** The last transaction that is recovered, by its id. */
  xid?: string;
  /** The name of a restore point, which `pg_create_restore_point()` gave. */
  name?: string;
  /** Stops as soon as the backup is consistent. */
  immediate?: boolean;
  /** The backup to begin with, by pgBackRest's label, such as "20261128-210000F". @default the last one before the point */
  set?: string;
}
