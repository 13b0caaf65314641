import type {
  BackupRetentionSpec,
  BackupScheduleSpec,
  BackupsSpec,
  RestoreSpec,
  RepositorySpec,
  RepositoryVolumeSpec,
} from "../spec";
import { fields, flag, mapOf, text, whole, type Reader } from "./read";

const readRepository = fields<RepositorySpec>({
  volume: fields<RepositoryVolumeSpec>({ reuse: flag, retain: flag }),
  schedule: fields<BackupScheduleSpec>({ full: text, differential: text, incremental: text, timeZone: text }),
  retention: fields<BackupRetentionSpec>({ full: whole(1, 1000), days: whole(1, 36_500) }),
});

export const readBackups: Reader<BackupsSpec> = fields<BackupsSpec>(
  {
    repositories: mapOf(readRepository),
    recoveryPoint: whole(10, 3600),
    archiveQueue: text,
    processes: whole(1, 32),
  },
  ["repositories"],
);

export const readRestore: Reader<RestoreSpec> = fields<RestoreSpec>(
  {
    cluster: text,
    repository: text,
    time: text,
    lsn: text,
    xid: text,
    name: text,
    immediate: flag,
    set: text,
  },
  ["cluster"],
);
