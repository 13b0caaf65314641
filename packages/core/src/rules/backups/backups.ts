import { problemsOf, show, under, type Problem } from "../../errors";
import { names, PROOF } from "../../names";
import type { ClusterModel, PlatformName } from "../../model/types";
import { storeTypes } from "../../model/credentials";
import type { Read } from "../../read/read";
import type { BackupsSpec, ClusterSpec, RepositorySpec, RepositoryVolumeSpec } from "../../spec";
import { parseBytes } from "../../spec/units";
import { objectNameRow } from "../kubernetes/names";
import { DNS_LABEL, isDnsLabel, LONGEST_NAME, repeated } from "../shared/patterns";
import { checkObjectStore, checkPlace } from "./object-store";
import { checkProof, checkSchedule } from "./schedule";

const path = "backups";
/** pgBackRest allows 256; each costs a copy of every WAL file. */
const MOST_REPOSITORIES = 4;

export function checkBackups({ backups }: Read<ClusterSpec>, model: ClusterModel): Problem[] {
  if (backups === undefined) return [];
  return [
    ...checkRepositories(backups, model),
    ...checkSamePlace(model),
    ...checkQueue(backups, model),
    ...checkProof(under(path, "proof"), backups.proof),
  ];
}

function checkRepositories({ repositories }: Read<BackupsSpec>, model: ClusterModel): Problem[] {
  if (repositories === undefined) return [];
  const at = under(path, "repositories");
  const count = Object.keys(repositories).length;
  return [
    ...problemsOf([
      {
        when: count > MOST_REPOSITORIES,
        path: at,
        message: `must have at most ${MOST_REPOSITORIES} repositories, got ${count}`,
      },
    ]),
    ...Object.entries(repositories).flatMap(([name, repository]) =>
      checkRepository(under(at, name), name, repository, model),
    ),
  ];
}

/** Two repositories in one place would delete each other's files. */
function checkSamePlace({ backups }: ClusterModel): Problem[] {
  const places = (backups?.repositories ?? []).map(({ storage }) =>
    storage.type === "volume"
      ? undefined
      : [storage.type, storage.host, storage.port, storage.account, storage.bucket, storage.path].join(" "),
  );
  return repeated(places).map((index) => ({
    path: under(under(path, "repositories"), backups?.repositories[index]?.name ?? ""),
    message: "has the bucket and the path of another repository; give it a `path` of its own",
  }));
}

function checkRepository(
  at: string,
  name: string,
  repository: Read<RepositorySpec>,
  { name: cluster, platform }: ClusterModel,
): Problem[] {
  const longest = LONGEST_NAME - names.repositoryVolume(cluster, "").length;
  const { full, days } = repository.retention ?? {};
  return [
    ...problemsOf([
      { when: !isDnsLabel(name), path: at, message: `the name ${DNS_LABEL}, got ${show(name)}` },
      { when: name === PROOF, path: at, message: `the name ${show(name)} is that of another volume; choose another` },
      {
        when: isDnsLabel(name) && repository.volume !== undefined && name.length > longest,
        path: at,
        message: `the name must be at most ${longest} characters, for the volume's name starts with the cluster's, got ${name.length}`,
      },
      {
        when: full !== undefined && days !== undefined,
        path: under(at, "retention"),
        message: `must have \`full\` or \`days\`, not both, got ${full} and ${days}; leave one out`,
      },
    ]),
    ...checkPlace(at, repository, ["volume", ...storeTypes]),
    ...checkVolume(under(at, "volume"), repository.volume, platform),
    ...checkObjectStore(at, repository),
    ...checkSchedule(under(at, "schedule"), repository.schedule),
  ];
}

/** Docker limits no volume. */
const onlyOnKubernetes = ["size", "storageClass"] as const;

function checkVolume(at: string, volume: Read<RepositoryVolumeSpec> = {}, platform: PlatformName): Problem[] {
  const { size, storageClass } = volume;
  return problemsOf([
    ...onlyOnKubernetes.map((field) => ({
      when: platform === "docker" && volume[field] !== undefined,
      path: under(at, field),
      message: "applies only on Kubernetes; leave it out",
    })),
    {
      when: size !== undefined && !(parseBytes(size) >= parseBytes(LEAST_SIZE)),
      path: under(at, "size"),
      message: `must be a size with its unit, at least ${LEAST_SIZE}, got ${show(size)}`,
    },
    objectNameRow(under(at, "storageClass"), storageClass),
  ]);
}
const LEAST_SIZE = "1GB";

const queueLimits = { min: "64MB", max: "1TB" };

function checkQueue({ archiveQueue }: Read<BackupsSpec>, { resources }: ClusterModel): Problem[] {
  if (archiveQueue === undefined) return [];
  const bytes = parseBytes(archiveQueue);
  const at = under(path, "archiveQueue");
  const isSize = bytes >= parseBytes(queueLimits.min) && bytes <= parseBytes(queueLimits.max);
  const disk = parseBytes(resources.disk);
  return problemsOf([
    {
      when: !isSize,
      path: at,
      message: `must be a size with its unit, from ${queueLimits.min} to ${queueLimits.max}, got ${show(archiveQueue)}`,
    },
    {
      when: isSize && bytes >= disk,
      path: at,
      message: `must be less than resources.disk (${resources.disk}), on which the WAL waits, got ${show(archiveQueue)}`,
    },
  ]);
}
