import type { ObjectStoreSpec } from "./object-store-spec";

/**
 * A Docker volume, or a claim on Kubernetes, beside the cluster: it protects from mistakes and lost members, not from the loss of the
 * host.
 */
export interface RepositoryVolumeSpec {
  /**
   * Keeps the volume when the repository leaves the program or the cluster is destroyed. `docker volume rm`, or `kubectl delete pvc`, then
   * deletes it. A change touches nothing that runs. @default true
   */
  retain?: boolean;
  /** Only on Kubernetes: size of its claim. It may grow, but not shrink. @default twice `resources.disk` */
  size?: string;
  /** Only on Kubernetes: its StorageClass. It cannot change. @default the default one of Kubernetes */
  storageClass?: string;
}

/**
 * When backups are taken, as cron expressions of five fields (minute, hour, day of the month, month, day of the week). A run that was
 * missed or failed is repeated. A change reloads.
 */
export interface BackupScheduleSpec {
  /** Full backups: all files. The first one is taken when the cluster is created. @default "0 1 * * 0", Sundays at one */
  full?: string;
  /** Differential backups: what changed since the last full one. "" for none. @default "0 1 * * 1-6", the other days at one */
  differential?: string;
  /** Incremental backups: what changed since the last backup. "" for none. @default none */
  incremental?: string;
  /** Time zone of the expressions, by its IANA name. @default "UTC" */
  timeZone?: string;
}

/** What is kept. Backups that others need, and the WAL from the oldest backup on, are kept with them. At most one of both. A change reloads. */
export interface BackupRetentionSpec {
  /** Number of full backups, 1–1000. @default see `days` */
  full?: number;
  /** Days, 1–36500, to any point of which a recovery is possible. @default 14 */
  days?: number;
}

/** A place for backups and WAL: exactly one of `volume`, `s3`, `gcs` and `azure`. */
export interface RepositorySpec extends ObjectStoreSpec {
  /** A volume beside the cluster; {} for one with all defaults. A change replaces the container of the backups; no member restarts. */
  volume?: RepositoryVolumeSpec;
  /**
   * Continues with the backups that a destroyed cluster of the same name left here. They stay, and the new database's are added. Otherwise
   * such backups are an error, so that no cluster writes into another's backups by accident. A change reloads. @default false
   */
  reuse?: boolean;
  /** When backups are taken. A change reloads. */
  schedule?: BackupScheduleSpec;
  /** What is kept. A change reloads. */
  retention?: BackupRetentionSpec;
}

/** A query whose answer is known. */
export interface ProofQuerySpec {
  /** Name of the database. */
  database: string;
  /** It runs in a read-only transaction of a role that may read everything, and nothing else. */
  sql: string;
  /** The first value of its first row, as PostgreSQL writes it: "t" for true. */
  expected: string;
}

/**
 * Proof that the backups restore. The newest backup of each repository and the WAL after it become a database that nobody can connect to,
 * inside the container of the backups. Its structure is checked with `pg_amcheck`, its pages by their checksums, its contents by
 * `queries`; then it is thrown away. The output `backups` says when that was, how long the recovery took, and what was wrong.
 */
export interface BackupProofSpec {
  /** When, as a cron expression of five fields; "" for never. A change reloads. @default "0 4 * * 0", Sundays at four */
  schedule?: string;
  /** Time zone of the expression, by its IANA name. A change reloads. @default "UTC" */
  timeZone?: string;
  /** Queries whose answers are known. A change reloads. @default none */
  queries?: ProofQuerySpec[];
}

/**
 * Backups with pgBackRest. WAL is archived continuously, so a recovery is possible to any point since the oldest backup. A container of its
 * own, `<cluster>-backup`, holds repositories and schedule. It finds the primary itself, and takes backups from a standby if there is one.
 * Files are compressed with zstd and encrypted with the cluster's `backupPassphrase`. To turn backups on or off reloads; nothing restarts.
 */
export interface BackupsSpec {
  /**
   * Repositories by name, at most 4. All get the same WAL, and backups by schedules of their own. {} for none on purpose: then no preview
   * warns. A change reloads.
   */
  repositories: Record<string, RepositorySpec>;
  /**
   * Seconds, 10–3600, of changes that are lost at most if every member is lost: PostgreSQL's `archive_timeout`. Less means more and emptier
   * WAL files if little is written. A change reloads. @default 60
   */
  recoveryPoint?: number;
  /**
   * Size, "64MB"–"1TB", of the WAL that waits on the primary while no repository can be reached. Beyond it WAL is given up, so that the
   * disk never fills: transactions go on, and no recovery is possible into the time from there to the next backup (pgBackRest's
   * `archive-push-queue-max`). A change reloads. @default "4GB", at most half of `resources.disk`
   */
  archiveQueue?: string;
  /** Processes of a backup, 1–32, each with one core on the member that is copied. A change reloads. @default 1 */
  processes?: number;
  /**
   * Proof that the backups restore. It needs as much disk as the database, on Docker in a volume, on Kubernetes in an `emptyDir` of the
   * pod. To turn it on or off replaces the container of the backups; no member restarts. @default weekly, without queries
   */
  proof?: BackupProofSpec;
}
