import type Docker from "dockerode";
import { labelKeys, ExplainedError } from "@pgharbor/core";

import { lookIntoVolumes, type VolumeOfCluster } from "../../clients/docker/volumes";

/** The contents of the volumes of a cluster on Docker, also of those that no container uses. */
export interface Holdings {
  cluster: string;
  /** True where a volume holds etcd data of a store that had a quorum. */
  hasStore: boolean;
  /** Patroni's names of the members whose volume holds a database. */
  members: string[];
  /** The system identifier of that database. */
  system?: string;
}

/** Written by pgharbor-etcd-auth. */
const ESTABLISHED = "established";
const PG_CONTROL = "pgdata/global/pg_control";

/** Reads the volumes of the cluster that the container's labels name. */
export async function holdingsOf(docker: Docker, container: string): Promise<Holdings> {
  const { Config, Image, Name } = await docker.getContainer(container).inspect();
  const cluster = Config.Labels[labelKeys.cluster] ?? "";
  return lookIntoVolumes(docker, { cluster, image: Image, namePrefix: Name.slice(1) }, async (volumes) => {
    const role = (wanted: string) => volumes.filter(({ labels }) => labels[labelKeys.role] === wanted);
    const stores = await Promise.all(role("etcd").map(({ read }) => read(ESTABLISHED)));
    const databases = await Promise.all(role("member").map(databaseIn));
    const found = databases.filter((one) => one !== undefined);
    const systems = [...new Set(found.map(({ system }) => system))];
    if (systems.length > 1) throw severalDatabases(cluster, found);
    return {
      cluster,
      hasStore: stores.some((one) => one !== undefined),
      members: found.map(({ member }) => member).sort(),
      system: systems[0],
    };
  });
}

interface Database {
  volume: string;
  member: string;
  system: string;
}

/** pg_control begins with the system identifier (ControlFileData in pg_control.h), in the machine's byte order. */
async function databaseIn({ name, labels, read }: VolumeOfCluster): Promise<Database | undefined> {
  const control = await read(PG_CONTROL);
  if (control === undefined || control.length < 8) return undefined;
  return { volume: name, member: labels[labelKeys.member] ?? name, system: String(control.readBigUInt64LE(0)) };
}

const severalDatabases = (cluster: string, found: Database[]): ExplainedError =>
  new ExplainedError({
    path: cluster,
    problem: "the members' volumes hold different databases",
    value: found.map(({ volume, system }) => `${volume}: ${system}`).join(", "),
    fix: "remove the container and the volume of each member that does not belong to it, and run `pulumi up --refresh`",
  });
