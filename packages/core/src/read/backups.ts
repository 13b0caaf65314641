import {
  UriStyle,
  type AzureSpec,
  type BackupProofSpec,
  type BackupRetentionSpec,
  type BackupScheduleSpec,
  type BackupsSpec,
  type GcsSpec,
  type ProofQuerySpec,
  type RepositorySpec,
  type RepositoryVolumeSpec,
  type RestoreSpec,
  type S3Spec,
} from "../spec";
import { fields, flag, listOf, mapOf, oneOf, text, whole, type Reader } from "./read";

const uriStyle = oneOf(Object.values(UriStyle));
const objectStores = {
  s3: fields<S3Spec>({ bucket: text, region: text, endpoint: text, uriStyle, path: text, ca: text }, [
    "bucket",
    "region",
  ]),
  gcs: fields<GcsSpec>({ bucket: text, endpoint: text, path: text, ca: text }, ["bucket"]),
  azure: fields<AzureSpec>({ account: text, container: text, endpoint: text, uriStyle, path: text, ca: text }, [
    "account",
    "container",
  ]),
};

const readRepository = fields<RepositorySpec>({
  ...objectStores,
  volume: fields<RepositoryVolumeSpec>({ retain: flag, size: text, storageClass: text }),
  reuse: flag,
  schedule: fields<BackupScheduleSpec>({ full: text, differential: text, incremental: text, timeZone: text }),
  retention: fields<BackupRetentionSpec>({ full: whole(1, 1000), days: whole(1, 36_500) }),
});

export const readBackups: Reader<BackupsSpec> = fields<BackupsSpec>(
  {
    repositories: mapOf(readRepository),
    recoveryPoint: whole(10, 3600),
    archiveQueue: text,
    processes: whole(1, 32),
    proof: fields<BackupProofSpec>({
      schedule: text,
      timeZone: text,
      queries: listOf(
        fields<ProofQuerySpec>({ database: text, sql: text, expected: text }, ["database", "sql", "expected"]),
      ),
    }),
  },
  ["repositories"],
);

export const readRestore: Reader<RestoreSpec> = fields<RestoreSpec>(
  {
    ...objectStores,
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
