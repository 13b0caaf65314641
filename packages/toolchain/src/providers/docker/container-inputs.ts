import { sameSet, type InputSpec } from "../protocol/resource-type";
import { equal, isObject, type Properties, type Value } from "../protocol/values";
import { parseDuration } from "./durations";

type Kind = InputSpec["type"];
const replacing = (type: Kind): InputSpec => ({ type, replaces: true });
const computed = (type: Kind): InputSpec => ({ type, replaces: true, computed: true });
const inPlace = (type: Kind, byDefault?: Value): InputSpec => ({ type, default: byDefault });

/**
 * Inputs of docker.Container, version 5: what has a default, what the engine fills in, and what replaces the container.
 * Taken from the schema that the official provider is generated from (kreuzwerker/docker, `docker_container`).
 */
export const containerInputs: { readonly [name: string]: InputSpec } = {
  image: { type: "string", required: true, replaces: true },
  name: replacing("string"),
  attach: inPlace("boolean", false),
  capabilities: { ...replacing("object"), same: sameCapabilities },
  cgroupParent: replacing("string"),
  cgroupnsMode: replacing("string"),
  command: computed("list"),
  containerReadRefreshTimeoutMilliseconds: inPlace("number", 15000),
  cpuPeriod: inPlace("number"),
  cpuQuota: inPlace("number"),
  cpuSet: inPlace("string"),
  cpuShares: inPlace("number"),
  cpus: { ...replacing("string"), same: (wanted, actual) => Number(wanted) === Number(actual) },
  destroyGraceSeconds: inPlace("number"),
  deviceCgroupRules: replacing("set"),
  deviceReadBps: inPlace("set"),
  deviceReadIops: inPlace("set"),
  deviceRequests: replacing("set"),
  deviceWriteBps: inPlace("set"),
  deviceWriteIops: inPlace("set"),
  devices: replacing("set"),
  dns: replacing("set"),
  dnsOpts: replacing("set"),
  dnsSearches: replacing("set"),
  domainname: replacing("string"),
  entrypoints: computed("list"),
  envs: computed("set"),
  gpus: replacing("string"),
  groupAdds: replacing("set"),
  // Recorded in place although no engine can change it on a running container: the official provider does the same.
  healthcheck: { type: "object", computed: true, same: sameHealthcheck },
  hostname: computed("string"),
  hosts: replacing("set"),
  init: { type: "boolean", computed: true },
  ipcMode: computed("string"),
  labels: computed("set"),
  logDriver: computed("string"),
  logOpts: replacing("map"),
  logs: inPlace("boolean", false),
  maxRetryCount: inPlace("number"),
  memory: inPlace("number"),
  memoryReservation: inPlace("number", 0),
  memorySwap: inPlace("number"),
  mounts: replacing("set"),
  mustRun: inPlace("boolean", true),
  networkMode: { ...replacing("string"), default: "bridge" },
  networksAdvanced: { ...replacing("set"), same: (wanted, actual) => sameSet(wanted, actual, sameNetwork) },
  pidMode: replacing("string"),
  platform: computed("string"),
  ports: { ...replacing("list"), same: (wanted, actual) => sameSet(wanted, actual, samePort) },
  privileged: replacing("boolean"),
  publishAllPorts: replacing("boolean"),
  readOnly: { ...replacing("boolean"), default: false },
  removeVolumes: inPlace("boolean", true),
  restart: inPlace("string", "no"),
  rm: inPlace("boolean", false),
  runtime: computed("string"),
  securityOpts: computed("set"),
  shmSize: computed("number"),
  start: inPlace("boolean", true),
  stdinOpen: { ...replacing("boolean"), default: false },
  stopSignal: computed("string"),
  stopTimeout: computed("number"),
  storageOpts: replacing("map"),
  sysctls: replacing("map"),
  tmpfs: inPlace("map"),
  tty: { ...replacing("boolean"), default: false },
  ulimits: replacing("set"),
  uploads: replacing("set"),
  user: { ...replacing("string"), same: emptyIsAny },
  usernsMode: replacing("string"),
  volumes: replacing("set"),
  wait: inPlace("boolean", false),
  waitTimeout: inPlace("number", 60),
  workingDir: { ...replacing("string"), same: emptyIsAny },
};

/** "" leaves the choice to the image. */
function emptyIsAny(wanted: Value): boolean {
  return wanted === "";
}

function objectOf(value: Value | undefined): Properties {
  return isObject(value) ? value : {};
}

/** A published port without an `external` accepts whichever one the engine chose. */
export function samePort(wanted: Value, actual: Value | undefined): boolean {
  const [left, right] = [objectOf(wanted), objectOf(actual)];
  const external = left.external === undefined || left.external === 0 || left.external === right.external;
  const address = (port: Properties) => port.ip || "0.0.0.0";
  const protocol = (port: Properties) => port.protocol || "tcp";
  const rest = address(left) === address(right) && protocol(left) === protocol(right);
  return external && rest && left.internal === right.internal;
}

function sameNetwork(wanted: Value, actual: Value | undefined): boolean {
  const [{ aliases: left, ...wantedRest }, { aliases: right, ...actualRest }] = [objectOf(wanted), objectOf(actual)];
  return sameSet(left, right) && equal(wantedRest, actualRest);
}

/** The engine may answer with or without the `CAP_` in front. */
function sameCapabilities(wanted: Value, actual: Value | undefined): boolean {
  const names = (value: Value | undefined, list: string) => {
    const items = objectOf(value)[list];
    return Array.isArray(items) ? items.map((item) => String(item).toUpperCase().replace(/^CAP_/, "")) : [];
  };
  return ["adds", "drops"].every((list) => sameSet(names(wanted, list), names(actual, list)));
}

/** `60s` and `1m0s` are one interval. */
function sameHealthcheck(wanted: Value, actual: Value | undefined): boolean {
  const normal = (value: Value | undefined): Properties => {
    const { tests, retries, ...durations } = objectOf(value);
    const nanoseconds = Object.entries(durations).map(([key, text]) => [key, parseDuration(String(text ?? ""))]);
    return { tests: tests ?? null, retries: retries ?? 0, ...(Object.fromEntries(nanoseconds) as Properties) };
  };
  return equal(normal(wanted), normal(actual));
}
