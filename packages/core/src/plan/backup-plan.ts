import { BACKUP_ROLE, labels, names, paths } from "../names";
import { LOCAL_HOST } from "../model/members";
import { required } from "../errors";
import type { ClusterModel, ResolvedBackups, ResolvedRestore, ResolvedStorage } from "../model/types";
import { credentialKey } from "../render/deferred-values";
import {
  renderMemberConf,
  renderProofConf,
  renderRepositoryConf,
  renderRestoreConf,
  renderSourceConf,
} from "../render/pgbackrest/conf";
import { renderScheduleJson } from "../render/pgbackrest/schedule-json";
import { storageFiles } from "../render/pgbackrest/storage";
import { backupFiles } from "../render/pgbackrest/tls";
import { authoritiesFile, certificateFiles, plainFile, secretFile } from "./files-plan";
import { owners } from "./owners";
import type { PlannedContainer, PlannedFile, PlannedMount, PlannedUnit } from "./types";

/** The unit with the repositories and the schedule of backups, and the unit that reads the backups of another cluster. */
export function planBackups(model: ClusterModel): PlannedUnit[] {
  const { backups, restore } = model;
  const containers = [
    ...(backups === undefined ? [] : [backupContainer(model, backups)]),
    ...(restore === undefined ? [] : [sourceContainer(model, restore)]),
  ];
  return containers.map((container) => ({ name: container.name, host: LOCAL_HOST, containers: [container] }));
}

/** All of these, which come and go while a member runs. */
export const comingBackupFiles: readonly string[] = [
  backupFiles.conf,
  backupFiles.restore,
  backupFiles.authority,
  `${backupFiles.identity}.crt`,
  `${backupFiles.identity}.key`,
];

/** Files of a member for pgBackRest. */
export const memberBackupFiles = ({ backups, restore }: ClusterModel, member: string): PlannedFile[] => [
  ...(backups === undefined ? [] : [plainFile(backupFiles.conf, () => renderMemberConf(backups))]),
  ...(restore === undefined ? [] : [plainFile(backupFiles.restore, () => renderRestoreConf(restore))]),
  ...(backups === undefined && restore === undefined ? [] : identityFiles(member)),
];

const backupContainer = (model: ClusterModel, backups: ResolvedBackups): PlannedContainer => ({
  ...servingRepositories(backups.host, (deferred) => renderRepositoryConf(model, backups, deferred), [
    plainFile("backups.json", () => renderScheduleJson(backups)),
    ...(backups.proof === undefined
      ? []
      : [secretFile("proof.conf", (deferred) => renderProofConf(backups, deferred))]),
    ...backups.repositories.flatMap(({ name, number, storage }) => storageFilesOf(number, storage, name)),
  ]),
  program: "backups",
  volumes: [...repositoryVolumes(backups), ...proofVolume(model, backups)],
  labels: labels(model.name, BACKUP_ROLE, model.labels),
  // A backup that is stopped begins anew; WAL that is being written is finished.
  stopTimeout: 30,
});

const repositoryVolumes = ({ repositories }: ResolvedBackups): PlannedMount[] =>
  repositories.flatMap(({ number, storage, reuse }) =>
    storage.type === "volume"
      ? [
          {
            volume: storage.name,
            path: paths.repository(number),
            data: !storage.retain,
            retain: storage.retain,
            reuse,
            size: storage.size,
          },
        ]
      : [],
  );

const proofVolume = ({ name }: ClusterModel, { proof }: ResolvedBackups): PlannedMount[] =>
  proof === undefined ? [] : [{ volume: names.proofVolume(name), path: paths.proof, data: false, onDisk: true }];

/** Runs as long as the program has `restore`: only the first start of the cluster needs it. */
const sourceContainer = (model: ClusterModel, restore: ResolvedRestore): PlannedContainer => ({
  ...servingRepositories(
    restore.host,
    (deferred) => renderSourceConf(model, restore, deferred),
    storageFilesOf(1, restore.storage),
  ),
  program: "repository",
  volumes:
    restore.storage.type === "volume"
      ? [{ volume: restore.storage.name, path: paths.repository(1), data: false, foreign: restore.stanza }]
      : [],
  labels: labels(model.name, "restore", model.labels),
  stopTimeout: 10,
});

/** What both containers are: pgBackRest's server for the members, with the configuration of its repositories. */
const servingRepositories = (name: string, conf: PlannedFile["content"], more: PlannedFile[] = []) => ({
  name,
  image: "postgres" as const,
  backups: true,
  networks: [{ network: "members" as const, aliases: [] }],
  ...owners.backup,
  files: [secretFile(backupFiles.conf, conf), ...more, ...identityFiles(name)],
  ports: [],
});

/** Files for an object store that pgBackRest reads from a path. `repository`: absent for the backups that a new cluster starts from. */
function storageFilesOf(number: number, storage: ResolvedStorage, repository?: string): PlannedFile[] {
  if (storage.type === "volume") return [];
  const { ca, type } = storage;
  const key = credentialKey(repository, "serviceAccountKey");
  return [
    ...(ca === undefined ? [] : [plainFile(storageFiles.ca(number), () => ca)]),
    ...(type === "gcs"
      ? [secretFile(storageFiles.gcsKey(number), (deferred) => required(deferred.credentials[key], key))]
      : []),
  ];
}

const identityFiles = (container: string): PlannedFile[] => [
  authoritiesFile(backupFiles.authority, "backups"),
  ...certificateFiles(names.backupIdentity(container), backupFiles.identity),
];
