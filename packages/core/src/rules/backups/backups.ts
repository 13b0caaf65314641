import { problemsOf, show, under, type Problem } from "../../errors";
import { names } from "../../names";
import type { ClusterModel } from "../../model/types";
import type { Read } from "../../read/read";
import type { BackupsSpec, ClusterSpec, RepositorySpec } from "../../spec";
import { parseBytes } from "../../spec/units";
import { DNS_LABEL, isDnsLabel, LONGEST_NAME, repeated } from "../shared/patterns";
import { checkObjectStore, checkPlace, storeTypes } from "./object-store";
import { checkSchedule } from "./schedule";

const path = "backups";
/** pgBackRest allows 256; each costs a copy of every WAL file. */
const MOST_REPOSITORIES = 4;

export function checkBackups({ backups }: Read<ClusterSpec>, model: ClusterModel): Problem[] {
  if (backups === undefined) return [];
  if (model.platform === "kubernetes")
    return [{ path, message: "are only possible on Docker so far; leave it out on Kubernetes" }];
  return [...checkRepositories(backups, model.name), ...checkSamePlace(model), ...checkQueue(backups, model)];
}

function checkRepositories({ repositories }: Read<BackupsSpec>, cluster: string): Problem[] {
  if (repositories === undefined) return [];
  const at = under(path, "repositories");
  const count = Object.keys(repositories).length;
  return [
    ...problemsOf([
      {
        when: count < 1 || count > MOST_REPOSITORIES,
        path: at,
        message: `must have 1 to ${MOST_REPOSITORIES} repositories, got ${count}; leave \`backups\` out for none`,
      },
    ]),
    ...Object.entries(repositories).flatMap(([name, repository]) =>
      checkRepository(under(at, name), name, repository, cluster),
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

function checkRepository(at: string, name: string, repository: Read<RepositorySpec>, cluster: string): Problem[] {
  const longest = LONGEST_NAME - names.repositoryVolume(cluster, "").length;
  const { full, days } = repository.retention ?? {};
  return [
    ...problemsOf([
      { when: !isDnsLabel(name), path: at, message: `the name ${DNS_LABEL}, got ${show(name)}` },
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
    ...checkObjectStore(at, repository),
    ...checkSchedule(under(at, "schedule"), repository.schedule),
  ];
}

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
