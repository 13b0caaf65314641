import type { ContainerCreateOptions, HostConfig, MountConfig } from "dockerode";
import type { Properties, Value } from "../protocol/values";
import { isObject } from "../protocol/values";
import { parseDuration } from "./durations";
import { flagOf, labelsOf, mapOf, numberOf, objectsOf, textOf, textsOf } from "./reading";

const MEGABYTE = 1024 * 1024;

/** The engine's form of a container's inputs. */
export function createOptions(inputs: Properties): ContainerCreateOptions {
  return {
    name: textOf(inputs.name),
    platform: textOf(inputs.platform),
    Image: textOf(inputs.image),
    Hostname: textOf(inputs.hostname),
    Domainname: textOf(inputs.domainname),
    User: textOf(inputs.user),
    Tty: flagOf(inputs.tty),
    OpenStdin: flagOf(inputs.stdinOpen),
    Env: textsOf(inputs.envs),
    Cmd: textsOf(inputs.command),
    Entrypoint: textsOf(inputs.entrypoints),
    WorkingDir: textOf(inputs.workingDir),
    Labels: labelsOf(inputs.labels),
    StopSignal: textOf(inputs.stopSignal),
    StopTimeout: numberOf(inputs.stopTimeout),
    Healthcheck: healthcheck(inputs.healthcheck),
    ExposedPorts: Object.fromEntries(objectsOf(inputs.ports).map((port) => [portKey(port), {}])),
    Volumes: Object.fromEntries(anonymousVolumes(inputs).map((folder) => [folder, {}])),
    HostConfig: hostConfig(inputs),
  };
}

function hostConfig(inputs: Properties): HostConfig {
  const capabilities = isObject(inputs.capabilities) ? inputs.capabilities : {};
  const security = textsOf(inputs.securityOpts);
  return {
    ...limits(inputs),
    AutoRemove: flagOf(inputs.rm),
    Binds: binds(inputs),
    CapAdd: textsOf(capabilities.adds),
    CapDrop: textsOf(capabilities.drops),
    CgroupParent: textOf(inputs.cgroupParent),
    CpuPeriod: numberOf(inputs.cpuPeriod),
    CpuQuota: numberOf(inputs.cpuQuota),
    DeviceCgroupRules: textsOf(inputs.deviceCgroupRules),
    DeviceRequests: deviceRequests(inputs),
    Devices: objectsOf(inputs.devices).map((device) => ({
      PathOnHost: device.hostPath,
      PathInContainer: device.containerPath ?? device.hostPath,
      CgroupPermissions: device.permissions ?? "rwm",
    })),
    Dns: textsOf(inputs.dns),
    DnsOptions: textsOf(inputs.dnsOpts),
    DnsSearch: textsOf(inputs.dnsSearches),
    ExtraHosts: objectsOf(inputs.hosts).map(({ host, ip }) => `${String(host)}:${String(ip)}`),
    GroupAdd: textsOf(inputs.groupAdds),
    Init: flagOf(inputs.init),
    IpcMode: textOf(inputs.ipcMode),
    LogConfig: { Type: textOf(inputs.logDriver) ?? "", Config: mapOf(inputs.logOpts) ?? {} },
    Mounts: mounts(inputs),
    NanoCpus: inputs.cpus === undefined ? undefined : Math.round(Number(inputs.cpus) * 1e9),
    NetworkMode: textOf(inputs.networkMode),
    PidMode: textOf(inputs.pidMode),
    PortBindings: portBindings(inputs),
    Privileged: flagOf(inputs.privileged),
    PublishAllPorts: flagOf(inputs.publishAllPorts),
    ReadonlyRootfs: flagOf(inputs.readOnly),
    RestartPolicy: restartPolicy(inputs),
    Runtime: textOf(inputs.runtime),
    SecurityOpt: security?.filter((option) => option !== "systempaths=unconfined"),
    // The one option that Docker's own client translates before it reaches the engine.
    ...(security?.includes("systempaths=unconfined") ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
    ShmSize: megabytes(inputs.shmSize),
    StorageOpt: mapOf(inputs.storageOpts),
    Sysctls: mapOf(inputs.sysctls),
    Tmpfs: mapOf(inputs.tmpfs),
    Ulimits: objectsOf(inputs.ulimits).map(({ name, soft, hard }) => ({
      Name: String(name),
      Soft: Number(soft),
      Hard: Number(hard),
    })),
    UsernsMode: textOf(inputs.usernsMode),
    VolumesFrom: objectsOf(inputs.volumes).flatMap(({ fromContainer }) => textOf(fromContainer) ?? []),
  };
}

/** What the engine can change on a container that runs. */
export function limits(inputs: Properties) {
  return {
    CpuShares: numberOf(inputs.cpuShares),
    CpusetCpus: textOf(inputs.cpuSet),
    Memory: megabytes(inputs.memory),
    MemoryReservation: megabytes(inputs.memoryReservation),
    MemorySwap: numberOf(inputs.memorySwap) === -1 ? -1 : megabytes(inputs.memorySwap),
    BlkioDeviceReadBps: throttles(inputs.deviceReadBps),
    BlkioDeviceReadIOps: throttles(inputs.deviceReadIops),
    BlkioDeviceWriteBps: throttles(inputs.deviceWriteBps),
    BlkioDeviceWriteIOps: throttles(inputs.deviceWriteIops),
  };
}

export function restartPolicy(inputs: Properties) {
  return { Name: textOf(inputs.restart) ?? "no", MaximumRetryCount: numberOf(inputs.maxRetryCount) ?? 0 };
}

function throttles(value: Value | undefined) {
  const devices = objectsOf(value);
  return devices.length > 0 ? devices.map(({ path, rate }) => ({ Path: path, Rate: rate })) : undefined;
}

function megabytes(value: Value | undefined): number | undefined {
  const count = numberOf(value);
  return count === undefined ? undefined : count * MEGABYTE;
}

export function portKey(port: Properties): string {
  return `${String(port.internal)}/${textOf(port.protocol) ?? "tcp"}`;
}

function portBindings(inputs: Properties) {
  const bindings: { [key: string]: { HostIp: string; HostPort: string }[] } = {};
  for (const port of objectsOf(inputs.ports)) {
    const external = numberOf(port.external);
    const binding = { HostIp: textOf(port.ip) ?? "0.0.0.0", HostPort: external ? String(external) : "" };
    (bindings[portKey(port)] ??= []).push(binding);
  }
  return bindings;
}

function binds(inputs: Properties): string[] {
  return objectsOf(inputs.volumes).flatMap((volume) => {
    const source = textOf(volume.volumeName) ?? textOf(volume.hostPath);
    if (source === undefined || volume.containerPath === undefined) return [];
    const options = [volume.readOnly === true ? "ro" : "rw", textOf(volume.selinuxRelabel)].filter(Boolean).join(",");
    return [`${source}:${String(volume.containerPath)}:${options}`];
  });
}

function anonymousVolumes(inputs: Properties): string[] {
  const bare = (volume: Properties) => !volume.volumeName && !volume.hostPath && !volume.fromContainer;
  return objectsOf(inputs.volumes)
    .filter(bare)
    .flatMap(({ containerPath }) => textOf(containerPath) ?? []);
}

function mounts(inputs: Properties): MountConfig {
  return objectsOf(inputs.mounts).map((mount) => {
    const [bind, volume, tmpfs] = [mount.bindOptions, mount.volumeOptions, mount.tmpfsOptions].map((options) =>
      isObject(options) ? options : undefined,
    );
    return {
      Type: String(mount.type) as "bind" | "volume" | "tmpfs",
      Target: String(mount.target),
      Source: textOf(mount.source) ?? "",
      ReadOnly: flagOf(mount.readOnly),
      BindOptions: bind && { Propagation: textOf(bind.propagation) as "rprivate" },
      VolumeOptions: volume && {
        NoCopy: flagOf(volume.noCopy) ?? false,
        Labels: labelsOf(volume.labels) ?? {},
        DriverConfig: { Name: textOf(volume.driverName) ?? "", Options: mapOf(volume.driverOptions) ?? {} },
        ...(volume.subpath ? { Subpath: String(volume.subpath) } : {}),
      },
      TmpfsOptions: tmpfs && { SizeBytes: numberOf(tmpfs.sizeBytes) ?? 0, Mode: numberOf(tmpfs.mode) ?? 0 },
    };
  });
}

function deviceRequests(inputs: Properties) {
  const gpus = textOf(inputs.gpus);
  if (gpus) return [{ Driver: "", Count: gpus === "all" ? -1 : Number(gpus), Capabilities: [["gpu"]] }];
  return objectsOf(inputs.deviceRequests).map((request) => ({
    Driver: textOf(request.driver) ?? "cdi",
    Count: numberOf(request.count) ?? 0,
    DeviceIDs: textsOf(request.deviceIds),
    Capabilities: [textsOf(request.capabilities) ?? []],
    Options: mapOf(request.options),
  }));
}

function healthcheck(value: Value | undefined) {
  if (!isObject(value)) return undefined;
  const nanoseconds = (name: string) => parseDuration(textOf(value[name]) ?? "0s");
  return {
    Test: textsOf(value.tests),
    Interval: nanoseconds("interval"),
    Timeout: nanoseconds("timeout"),
    StartPeriod: nanoseconds("startPeriod"),
    ...(value.startInterval ? { StartInterval: nanoseconds("startInterval") } : {}),
    Retries: numberOf(value.retries) ?? 0,
  };
}
