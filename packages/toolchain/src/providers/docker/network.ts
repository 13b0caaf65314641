import type Docker from "dockerode";
import type { InputSpec, ResourceType } from "../protocol/resource-type";
import type { Properties, Value } from "../protocol/values";
import { isMissing, reasonOf, type EngineConnection } from "./connection";
import { defined, flagOf, labelList, labelsOf, mapOf, objectsOf, textOf } from "./reading";

/** As long as the official provider tries to remove a network that containers are just leaving. */
const REMOVE_MS = 30_000;
const POLL_MS = 500;

const inputs: { [name: string]: InputSpec } = Object.fromEntries(
  Object.entries({
    name: { type: "string" },
    attachable: { type: "boolean" },
    driver: { type: "string", computed: true },
    ingress: { type: "boolean" },
    internal: { type: "boolean", computed: true },
    ipamConfigs: { type: "set", computed: true },
    ipamDriver: { type: "string", default: "default" },
    ipamOptions: { type: "map" },
    ipv6: { type: "boolean" },
    labels: { type: "set" },
    options: { type: "map", computed: true },
  } satisfies { [name: string]: InputSpec }).map(([name, spec]) => [name, { ...spec, replaces: true }]),
);

export function networkType(connection: EngineConnection): ResourceType {
  return {
    inputs,
    outputs: { scope: {} },
    autoName: true,
    create: async (given) => {
      const engine = await connection.engine();
      try {
        const network = await engine.createNetwork(createOptions(given));
        return { id: network.id, outputs: networkState(await network.inspect(), given) };
      } catch (error) {
        throw new Error(`creating the network ${String(given.name)}: ${reasonOf(error)}`);
      }
    },
    read: async (id, state) => {
      const engine = await connection.engine();
      try {
        return networkState(await engine.getNetwork(id).inspect(), state);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw new Error(`reading the network ${String(state.name ?? id)}: ${reasonOf(error)}`);
      }
    },
    delete: async (id, state) => removeNetwork(await connection.engine(), id, String(state.name)),
  };
}

function createOptions(given: Properties): Docker.NetworkCreateOptions {
  return {
    Name: String(given.name),
    CheckDuplicate: true,
    Driver: textOf(given.driver),
    Internal: flagOf(given.internal),
    Attachable: flagOf(given.attachable),
    Ingress: flagOf(given.ingress),
    EnableIPv6: flagOf(given.ipv6),
    Options: mapOf(given.options),
    Labels: labelsOf(given.labels),
    IPAM: {
      Driver: textOf(given.ipamDriver) ?? "default",
      Options: mapOf(given.ipamOptions),
      Config: objectsOf(given.ipamConfigs).map(
        (config) =>
          defined({
            Subnet: textOf(config.subnet),
            IPRange: textOf(config.ipRange),
            Gateway: textOf(config.gateway),
            AuxiliaryAddresses: mapOf(config.auxAddress),
          }) as { [key: string]: string },
      ),
    },
  };
}

function networkState(found: Docker.NetworkInspectInfo, known: Properties): Properties {
  return defined({
    ...known,
    name: found.Name,
    scope: found.Scope,
    driver: found.Driver,
    internal: found.Internal,
    attachable: found.Attachable,
    ingress: found.Ingress,
    ipv6: found.EnableIPv6,
    labels: labelList(found.Labels),
    options: (found.Options as Properties | null) ?? {},
    ipamDriver: found.IPAM?.Driver || "default",
    ipamOptions: found.IPAM?.Options ?? known.ipamOptions,
    ipamConfigs: ipamConfigs(found, known.ipamConfigs),
  });
}

/** The engine adds a gateway to a subnet that was given without one; that is no difference to what the program asked for. */
function ipamConfigs(found: Docker.NetworkInspectInfo, known: Value | undefined): Value {
  const wanted = objectsOf(known);
  return ((found.IPAM?.Config ?? []) as { [key: string]: string }[]).map((config) => {
    const match = wanted.find(({ subnet }) => subnet === config.Subnet);
    const gateway = match && match.gateway === undefined ? undefined : config.Gateway;
    return defined({
      subnet: config.Subnet,
      ipRange: config.IPRange || undefined,
      gateway,
      auxAddress: match?.auxAddress,
    });
  });
}

async function removeNetwork(engine: Docker, id: string, name: string): Promise<void> {
  for (const deadline = Date.now() + REMOVE_MS; ;) {
    try {
      await engine.getNetwork(id).remove();
      return;
    } catch (error) {
      if (isMissing(error)) return;
      const inUse = reasonOf(error).includes("has active endpoints");
      if (!inUse || Date.now() > deadline) throw new Error(`removing the network ${name}: ${reasonOf(error)}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
