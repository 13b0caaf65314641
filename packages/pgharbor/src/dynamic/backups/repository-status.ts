/** What a repository for backups holds. Times are in UTC, as "2026-11-28T21:00:00Z"; without a backup they are absent. */
export interface RepositoryStatus {
  /** Number of backups. */
  backups: number;
  /** The earliest point to which a recovery is possible. */
  oldest?: string;
  /** End of the last backup of any type. */
  lastBackup?: string;
  /** End of the last full backup. */
  lastFull?: string;
  /** Size of the last backup in the repository, with all that it needs. */
  bytes: number;
  /** Size of the database that it is a copy of. */
  databaseBytes: number;
  /** Name of the last WAL file that has arrived. */
  lastWal?: string;
  /** When it was last proved that it restores, or tried to. */
  proved?: string;
  /** Seconds that this recovery took, from the beginning to a server that answers. */
  proofSeconds?: number;
  /** Why it does not restore. */
  proofProblem?: string;
  /** pgBackRest's words where the repository cannot be used. */
  problem?: string;
}
