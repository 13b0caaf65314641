import type { ResourceType } from "../protocol/resource-type";
import type { Properties } from "../protocol/values";
import { isMissing, reasonOf, type EngineConnection } from "./connection";
import { defined, labelList, labelsOf, mapOf, textOf } from "./reading";

/** As long as the official provider tries to remove a volume that a container is just leaving. */
const REMOVE_MS = 20_000;
const POLL_MS = 500;

export function volumeType(connection: EngineConnection): ResourceType {
  return {
    inputs: {
      name: { type: "string", replaces: true },
      driver: { type: "string", replaces: true, computed: true },
      driverOpts: { type: "map", replaces: true },
      labels: { type: "set", replaces: true },
      cluster: { type: "object" },
    },
    outputs: { mountpoint: {} },
    autoName: true,
    check: (inputs) =>
      inputs.cluster === undefined
        ? []
        : [{ property: "cluster", reason: "Swarm volumes need the official docker plugin" }],
    create: async (inputs) => {
      const engine = await connection.engine();
      try {
        await engine.createVolume({
          Name: String(inputs.name),
          Driver: textOf(inputs.driver),
          DriverOpts: mapOf(inputs.driverOpts),
          Labels: labelsOf(inputs.labels),
        });
        const found = await engine.getVolume(String(inputs.name)).inspect();
        return { id: found.Name, outputs: volumeState(found, inputs) };
      } catch (error) {
        throw new Error(`creating the volume ${String(inputs.name)}: ${reasonOf(error)}`);
      }
    },
    read: async (id, state) => {
      const engine = await connection.engine();
      try {
        return volumeState(await engine.getVolume(id).inspect(), state);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw new Error(`reading the volume ${id}: ${reasonOf(error)}`);
      }
    },
    delete: (id) => removeVolume(connection, id),
  };
}

interface FoundVolume {
  Name: string;
  Driver: string;
  Mountpoint: string;
  Labels: { [label: string]: string } | null;
  Options: { [option: string]: string } | null;
}

function volumeState(found: FoundVolume, known: Properties): Properties {
  return defined({
    ...known,
    name: found.Name,
    driver: found.Driver,
    driverOpts: found.Options ?? known.driverOpts,
    labels: labelList(found.Labels),
    mountpoint: found.Mountpoint,
  });
}

async function removeVolume(connection: EngineConnection, name: string): Promise<void> {
  const engine = await connection.engine();
  for (const deadline = Date.now() + REMOVE_MS; ;) {
    try {
      await engine.getVolume(name).remove();
      return;
    } catch (error) {
      if (isMissing(error)) return;
      const inUse = reasonOf(error).includes("volume is in use");
      if (!inUse || Date.now() > deadline) throw new Error(`removing the volume ${name}: ${reasonOf(error)}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
