import type { ContainerInspectInfo, HostConfig } from "dockerode";
import type { Properties, Value } from "../protocol/values";
import { samePort } from "./container-inputs";
import { formatDuration } from "./durations";
import { defined, objectsOf, textsOf } from "./reading";

const MEGABYTE = 1024 * 1024;

/** What the engine answers and the type declarations leave out. */
type Inspected = ContainerInspectInfo & {
  Config: { StopSignal?: string; StopTimeout?: number };
  NetworkSettings: { Bridge?: string };
};

/**
 * The state after a look at the engine: `known` (inputs, or the state so far) with everything the official provider reads back. Like it,
 * envs, labels, networksAdvanced, volumes and uploads are left as written: an image adds its own, or the engine does not tell.
 */
export function containerState(found: Inspected, known: Properties): Properties {
  const { Config: config, HostConfig: host, State: running } = found;
  return defined({
    ...known,
    ...limitsOf(found, known),
    ...outputsOf(found),
    name: found.Name.replace(/^\//, ""),
    image: String(known.image ?? "").startsWith("sha256:") ? found.Image : config.Image,
    hostname: config.Hostname,
    domainname: config.Domainname || known.domainname,
    user: config.User || known.user,
    workingDir: config.WorkingDir || known.workingDir,
    command: list(config.Cmd),
    entrypoints: list(config.Entrypoint),
    tty: config.Tty,
    stdinOpen: config.OpenStdin,
    stopSignal: config.StopSignal,
    stopTimeout: config.StopTimeout,
    healthcheck: healthcheck(config.Healthcheck) ?? known.healthcheck,
    rm: host.AutoRemove,
    readOnly: host.ReadonlyRootfs,
    privileged: host.Privileged,
    publishAllPorts: host.PublishAllPorts,
    restart: host.RestartPolicy?.Name || "no",
    maxRetryCount: host.RestartPolicy?.MaximumRetryCount || known.maxRetryCount,
    init: host.Init ?? false,
    ipcMode: host.IpcMode,
    networkMode: sameMode(host.NetworkMode, known.networkMode),
    runtime: host.Runtime,
    logDriver: host.LogConfig?.Type,
    logOpts: known.logOpts && (host.LogConfig?.Config as Properties),
    capabilities: capabilities(host.CapAdd as string[] | null, host.CapDrop as string[] | null) ?? known.capabilities,
    dns: list(host.Dns as string[]) ?? known.dns,
    groupAdds: list(host.GroupAdd) ?? known.groupAdds,
    securityOpts: list(host.SecurityOpt as string[]) ?? known.securityOpts,
    hosts: extraHosts(host.ExtraHosts as string[] | null) ?? known.hosts,
    tmpfs: host.Tmpfs ?? known.tmpfs,
    sysctls: host.Sysctls ?? known.sysctls,
    ulimits: known.ulimits && ulimits(host.Ulimits),
    // The engine forgets the ports of a stopped container; that is no change of what was asked for.
    ports: running.Running ? ports(found, known) : known.ports,
    // A container that has stopped shows as a change, so that the next update starts it again.
    mustRun: running.Running ? known.mustRun : false,
    exitCode: running.Running ? known.exitCode : running.ExitCode,
  });
}

function limitsOf({ HostConfig: host }: ContainerInspectInfo, known: Properties) {
  const megabytes = (bytes: number | undefined) => (bytes && bytes > 0 ? Math.floor(bytes / MEGABYTE) : bytes);
  // The engine fills in a limit for swap when there is one for memory; only a limit that the program set is compared.
  const swap = known.memorySwap === undefined ? undefined : megabytes(host.MemorySwap);
  return {
    memory: megabytes(host.Memory) || known.memory,
    memoryReservation: megabytes(host.MemoryReservation) ?? 0,
    memorySwap: swap,
    shmSize: megabytes(host.ShmSize),
    cpus: host.NanoCpus ? String(host.NanoCpus / 1e9) : undefined,
    cpuShares: host.CpuShares || known.cpuShares,
    cpuSet: host.CpusetCpus || known.cpuSet,
  };
}

function outputsOf(found: Inspected) {
  return {
    bridge: found.NetworkSettings.Bridge ?? "",
    networkDatas: Object.entries(found.NetworkSettings.Networks ?? {}).map(([networkName, network]) => ({
      networkName,
      ipAddress: network.IPAddress,
      ipPrefixLength: network.IPPrefixLen,
      gateway: network.Gateway,
      globalIpv6Address: network.GlobalIPv6Address,
      globalIpv6PrefixLength: network.GlobalIPv6PrefixLen,
      ipv6Gateway: network.IPv6Gateway,
      macAddress: network.MacAddress,
    })),
  };
}

/** In the program's own order; what is published beyond that only when the program names no ports (after an import). */
function ports(found: ContainerInspectInfo, known: Properties): Value | undefined {
  const actual = Object.entries(found.NetworkSettings.Ports ?? {}).flatMap(([key, bindings]) => {
    const [internal, protocol] = key.split("/");
    return ((bindings as { HostIp: string; HostPort: string }[] | null) ?? []).map(({ HostIp, HostPort }) => ({
      internal: Number(internal),
      external: Number(HostPort),
      ip: HostIp || "0.0.0.0",
      protocol: protocol ?? "tcp",
    }));
  });
  const wanted = objectsOf(known.ports);
  if (wanted.length === 0) return known.ports ?? (actual.length > 0 && !("image" in known) ? actual : undefined);
  const claimed = new Set<unknown>();
  const inOrder = wanted.flatMap((port) => {
    const match = actual.find((candidate) => !claimed.has(candidate) && samePort(port, candidate));
    claimed.add(match);
    return match ? [match] : [];
  });
  // Anything missing is drift: then the real list is the honest one.
  return inOrder.length === wanted.length ? inOrder : actual;
}

/** Another name of the default network, which engines use in turn. */
function sameMode(actual: string | undefined, known: Value | undefined): Value | undefined {
  const isDefault = (mode: Value | undefined) => mode === "default" || mode === "bridge";
  return isDefault(actual) && (known === undefined || isDefault(known)) ? (known ?? "bridge") : actual;
}

function healthcheck(
  found: (Partial<ContainerInspectInfo["Config"]["Healthcheck"]> & { StartInterval?: number }) | undefined,
) {
  if (!found?.Test) return undefined;
  return defined({
    tests: found.Test,
    interval: formatDuration(found.Interval ?? 0),
    timeout: formatDuration(found.Timeout ?? 0),
    startPeriod: formatDuration(found.StartPeriod ?? 0),
    startInterval: formatDuration(found.StartInterval ?? 0),
    retries: found.Retries ?? 0,
  });
}

function ulimits(limits: HostConfig["Ulimits"]): Value {
  return (limits ?? []).map(({ Name, Soft, Hard }) => ({ name: Name ?? "", soft: Soft ?? 0, hard: Hard ?? 0 }));
}

function capabilities(adds: string[] | null, drops: string[] | null): Properties | undefined {
  if (!adds?.length && !drops?.length) return undefined;
  return defined({ adds: list(adds), drops: list(drops) });
}

function extraHosts(hosts: string[] | null | undefined): Value | undefined {
  if (!hosts?.length) return undefined;
  return hosts.map((entry) => {
    const colon = entry.indexOf(":");
    return { host: entry.slice(0, colon), ip: entry.slice(colon + 1) };
  });
}

function list(value: string | string[] | null | undefined): string[] | undefined {
  return textsOf(typeof value === "string" ? [value] : value);
}
