import type Docker from "dockerode";
import { BACKUP_ROLE, labelKeys, ExplainedError } from "@pgharbor/core";

import { dockerEngine, statusCode } from "./engine";
import { describeOwner, ownerOf } from "../shared/owner";

export type DockerKind = "container" | "network" | "volume";

/** An object that Docker is about to create. */
export interface Wanted {
  kind: DockerKind;
  name: string;
  /** The uid of the cluster that it will belong to. */
  uid: string;
}

/**
 * Removes the object of this name that a killed run created and could not record, because Docker would refuse to create it again.
 * A volume stays: Docker reuses an existing one. Throws where the object has another owner.
 */
export async function clearLeftover(engine: string, wanted: Wanted): Promise<void> {
  const docker = dockerEngine(engine);
  const found = await inspect(docker, wanted);
  if (found === undefined) return;
  if (ownerOf(found.labels).uid !== wanted.uid) throw nameConflict(wanted, found.labels);
  if (wanted.kind === "volume") return;
  await remove(docker, { ...wanted, id: found.id });
}

/** Removes the containers with a cluster's uid, or only those of them with one of these names. */
export async function removeContainers(engine: string, uid: string, names?: string[]): Promise<void> {
  const docker = dockerEngine(engine);
  const found = (await docker.listContainers({ all: true, filters: ofUid(uid) })).map(({ Id, Names }) => ({
    id: Id,
    name: Names[0]?.slice(1) ?? Id,
  }));
  const wanted = found.filter(({ name }) => names === undefined || names.includes(name));
  await Promise.all(wanted.map((one) => remove(docker, { kind: "container", ...one })));
}

/**
 * Removes everything with a cluster's uid. Objects in the stack's state are deleted before this. A volume with data
 * stays: no killed run left it behind; someone removed it from the state to keep it.
 */
export async function removeEverything(engine: string, uid: string): Promise<void> {
  await removeContainers(engine, uid);
  const docker = dockerEngine(engine);
  for (const { Id, Name } of await docker.listNetworks({ filters: ofUid(uid) }))
    await remove(docker, { kind: "network", id: Id, name: Name });
  const volumes = (await docker.listVolumes({ filters: ofUid(uid) })).Volumes ?? [];
  if (volumes.length === 0) return;
  const empty = await emptyVolumes(docker);
  for (const { Name } of volumes) {
    if (empty.has(Name)) await remove(docker, { kind: "volume", id: Name, name: Name });
    else
      console.log(
        `volume ${Name}: is in no state and contains data, so it is kept; docker volume rm ${Name} removes it`,
      );
  }
}

/** Only `df` gives the size of volumes, a list does not. */
async function emptyVolumes(docker: Docker): Promise<Set<string>> {
  const { Volumes } = (await docker.df()) as { Volumes?: { Name: string; UsageData?: { Size: number } }[] };
  return new Set((Volumes ?? []).filter(({ UsageData }) => UsageData?.Size === 0).map(({ Name }) => Name));
}

const ofUid = (uid: string) => ({ label: [`${labelKeys.clusterUid}=${uid}`] });

/** Finds another cluster of the same name: an object with this name and another uid, and its owner. */
export async function findNamesake(
  engine: string,
  cluster: string,
  uid: string,
): Promise<{ what: string; whose: string } | undefined> {
  const docker = dockerEngine(engine);
  const filters = { label: [`${labelKeys.cluster}=${cluster}`, labelKeys.clusterUid] };
  const [containers, volumes, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters }),
    docker.listNetworks({ filters }),
  ]);
  const found = [
    ...containers.map(({ Names, Labels }) => ({ what: `container ${Names[0]?.slice(1)}`, labels: Labels })),
    // A repository for backups outlives its cluster; its creation looks for it by itself.
    ...(volumes.Volumes ?? [])
      .filter(({ Labels }) => Labels?.[labelKeys.role] !== BACKUP_ROLE)
      .map(({ Name, Labels }) => ({ what: `volume ${Name}`, labels: Labels })),
    ...networks.map(({ Name, Labels }) => ({ what: `network ${Name}`, labels: Labels })),
  ].find(({ labels }) => ownerOf(labels).uid !== uid);
  return found && { what: found.what, whose: describeOwner(ownerOf(found.labels)) };
}

interface Found {
  id: string;
  labels: Record<string, string>;
}

async function inspect(docker: Docker, { kind, name }: Wanted): Promise<Found | undefined> {
  if (kind === "network") {
    // Docker's filter matches parts of names, and several networks may have the same name.
    const networks = await docker.listNetworks({ filters: { name: [name] } });
    const found = networks.find((network) => network.Name === name);
    return found && { id: found.Id, labels: found.Labels ?? {} };
  }
  return orAbsent(async () => {
    if (kind === "volume") {
      const { Name, Labels } = await docker.getVolume(name).inspect();
      return { id: Name, labels: Labels ?? {} };
    }
    const { Id, Config } = await docker.getContainer(name).inspect();
    return { id: Id, labels: Config.Labels ?? {} };
  });
}

async function remove(
  docker: Docker,
  { kind, id, name }: { kind: DockerKind; id: string; name: string },
): Promise<void> {
  console.log(`${kind} ${name}: left by an interrupted run, is removed`);
  await orAbsent(async () => {
    if (kind === "network") return void (await docker.getNetwork(id).remove().catch(inUse(name)));
    if (kind === "volume") return void (await docker.getVolume(id).remove());
    const container = docker.getContainer(id);
    // A graceful stop first: a container that runs may be in the middle of something.
    await container.stop().catch(ignoring(304, 404, 409));
    await container.remove({ force: true, v: true }).catch(ignoring(409));
    // The name is free only after the removal, also after one that had begun before.
    await container.wait({ condition: "removed" });
  });
}

const inUse =
  (name: string) =>
  (error: Error): never => {
    if (statusCode(error) !== 403) throw error;
    throw new ExplainedError({
      path: `network ${name}`,
      problem: "was left by an interrupted run, and containers have joined it",
      value: error.message,
      fix: "disconnect or remove them, and run it again",
    });
  };

/** 304: the container is stopped. 409: it is being removed. */
const ignoring =
  (...statuses: number[]) =>
  (error: Error): void => {
    if (!statuses.includes(statusCode(error) ?? 0)) throw error;
  };

async function orAbsent<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (statusCode(error) === 404) return undefined;
    throw error;
  }
}

function nameConflict({ kind, name }: Wanted, labels: Record<string, string>): ExplainedError {
  const owner = ownerOf(labels);
  const remove = `remove it (docker ${kind} rm ${name}), if nobody needs it`;
  const rest =
    labels[labelKeys.role] === BACKUP_ROLE
      ? `set \`reuse: true\` at this repository to go on with its backups; or ${remove}`
      : owner.cluster === undefined
        ? remove
        : "destroy that one, if nobody needs it";
  return new ExplainedError({
    path: `${kind} ${name}`,
    problem: `already exists and is ${describeOwner(owner)}`,
    value: JSON.stringify(name),
    fix: `give this cluster another name; or ${rest}`,
  });
}
