import { required } from "../../errors";
import { paths } from "../../names";
import type { ClusterModel, ResolvedBackups, ResolvedRepository, ResolvedRestore } from "../../model/types";
import { credentialKey, type DeferredValues } from "../deferred-values";
import { banner } from "../text/banner";
import { storageOptions, type Option, type StorageSecrets } from "./storage";
import { hostOptions, serverOptions } from "./tls";

/** pgbackrest.conf of a member: it pushes WAL to the host of the repositories, and lets that host copy its files. */
export const renderMemberConf = (backups: ResolvedBackups): string =>
  render({
    global: [
      ...common,
      ["archive-async", "y"],
      ["archive-push-queue-max", backups.archiveQueue],
      ["spool-path", paths.archiveSpool],
      ...backups.repositories.flatMap(({ number }) => hostOptions(`repo${number}`, backups.host)),
      ...serverOptions(backups.stanza, [backups.host]),
    ],
    [backups.stanza]: databaseOptions("pg1"),
  });

/** pgbackrest.conf of the container with the repositories. */
export const renderRepositoryConf = (model: ClusterModel, backups: ResolvedBackups, deferred: DeferredValues): string =>
  render({
    global: [
      ...common,
      ["process-max", backups.processes],
      // pgBackRest tries an object store that does not answer again for so long, for each file and each copy of it. Its default is a minute.
      ["io-timeout", IO_TIMEOUT_SECONDS],
      // A checkpoint that is spread over minutes would delay the backup.
      ["start-fast", "y"],
      ...backups.repositories.flatMap((repository) => repositoryOptions(repository, deferred)),
      ...serverOptions(backups.stanza, membersOf(model)),
    ],
    [backups.stanza]: membersOf(model).flatMap((hostname, index) => [
      ...hostOptions(`pg${index + 1}`, hostname),
      ...databaseOptions(`pg${index + 1}`),
    ]),
  });

/** proof.conf: the same repositories, for a restore in the container that has them. */
export const renderProofConf = (backups: ResolvedBackups, deferred: DeferredValues): string =>
  render({
    global: [
      ...common,
      ["process-max", backups.processes],
      ["io-timeout", IO_TIMEOUT_SECONDS],
      ...backups.repositories.flatMap(({ name, number, storage }) =>
        storageOptions(number, storage, secretsOf(deferred, name, deferred.passwords.backupCipher)),
      ),
    ],
    [backups.stanza]: [["pg1-path", `${paths.proof}/data`]],
  });

const IO_TIMEOUT_SECONDS = 20;

const membersOf = ({ members }: ClusterModel): string[] => members.map(({ hostname }) => hostname);

const common: Option[] = [
  ["compress-type", "zst"],
  // Everything goes to the container's log.
  ["log-level-file", "off"],
];

/** pgbackrest.conf of the container that reads the backups of another cluster. */
export const renderSourceConf = (model: ClusterModel, restore: ResolvedRestore, deferred: DeferredValues): string =>
  render({
    global: [
      ...common,
      ...storageOptions(1, restore.storage, secretsOf(deferred, undefined, deferred.restorePassphrase)),
      ...serverOptions(restore.stanza, membersOf(model)),
    ],
  });

/** restore.conf of a member: the one that initialises the cluster reads the backups of another one. */
export const renderRestoreConf = (restore: ResolvedRestore): string =>
  // `pgharbor-restore` looks for this line.
  `# point: ${restore.point}\n${render({
    global: [...common, ["process-max", RESTORE_PROCESSES], ...hostOptions("repo1", restore.host)],
    [restore.stanza]: databaseOptions("pg1"),
  })}`;

/** Nothing else runs in a member that is restored. */
const RESTORE_PROCESSES = 4;

const databaseOptions = (side: string): Option[] => [
  [`${side}-path`, paths.pgdata],
  [`${side}-socket-path`, paths.postgresSocket],
];

const repositoryOptions = (
  { name, number, storage, retention }: ResolvedRepository,
  deferred: DeferredValues,
): Option[] => [
  ...storageOptions(number, storage, secretsOf(deferred, name, deferred.passwords.backupCipher)),
  // Small files in one object: a database has thousands of them.
  [`repo${number}-bundle`, "y"],
  [`repo${number}-retention-full-type`, retention.type],
  [`repo${number}-retention-full`, retention.full],
];

const secretsOf = (
  { credentials }: DeferredValues,
  repository: string | undefined,
  passphrase: string,
): StorageSecrets => ({
  passphrase,
  credential: (name) => required(credentials[credentialKey(repository, name)], `the credential ${name}`),
});

const render = (sections: Record<string, Option[]>): string =>
  [
    banner("#"),
    ...Object.entries(sections).map(([section, options]) =>
      [`[${section}]`, ...options.map(([name, value]) => `${name}=${value}`), ""].join("\n"),
    ),
  ].join("\n");
