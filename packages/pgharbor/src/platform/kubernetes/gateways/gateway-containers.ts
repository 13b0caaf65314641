import { names, parseBytes, paths, type PlannedPooler, type ResolvedService } from "@pgharbor/core";
import type { KubernetesContext } from "../context/context";
import { filesMount, podEnv, resourcesOf, restricted, type Container, type VolumeMount } from "../pods/pod-parts";

/** Without limits, where the person sets none: a gateway that is throttled holds every client up. */
function gatewayResources({ spec }: KubernetesContext, usualMemory: string) {
  const { cpu, memory } = spec.gatewayResources ?? {};
  return resourcesOf({ cpu: "50m", memory: usualMemory }, cpu, memory === undefined ? undefined : parseBytes(memory));
}
export const haproxyResources = (context: KubernetesContext) => gatewayResources(context, "96Mi");
export const poolerResources = (context: KubernetesContext) => gatewayResources(context, "48Mi");

/** As Kubernetes gives it back: without limits where there are none. */
const withoutEmpty = ({ requests, limits }: ReturnType<typeof gatewayResources>) =>
  Object.keys(limits).length === 0 ? { requests } : { requests, limits };

/** Until Services have forgotten a pod that goes: new connections still come. */
const FORGOTTEN_SECONDS = 5;

/** The poolers end their clients' transactions after that, and need HAProxy until they have. */
export const stopSeconds = (context: KubernetesContext): number => FORGOTTEN_SECONDS + context.model.drainTimeout + 5;

const waiting = (seconds: number) => ({ preStop: { exec: { command: ["sleep", String(seconds)] } } });

const mounts = (name: string): VolumeMount[] => [
  filesMount(`${name}-files`),
  { name: `${name}-run`, mountPath: "/run/pgharbor" },
  { name: "sockets", mountPath: paths.sockets },
  { name: `${name}-tmp`, mountPath: "/tmp" },
];

const common = (context: KubernetesContext, name: string) => ({
  name,
  image: context.images.gateway,
  imagePullPolicy: "IfNotPresent",
  env: podEnv,
  securityContext: restricted,
  volumeMounts: mounts(name),
});

/** Where it is reached in a gateway's pod, in old ones and new ones alike: a pooler's port by name, HAProxy's by number. */
export const podPort = ({ name, port, pool }: ResolvedService): string | number =>
  pool === undefined ? port : names.poolerPort(name);

/** Health is asked of its own socket: a connection to a service's port would go through to Postgres. */
export const haproxyContainer = (context: KubernetesContext, name: string): Container => ({
  ...common(context, name),
  args: ["haproxy"],
  resources: withoutEmpty(haproxyResources(context)),
  startupProbe: { exec: { command: ["pgharbor-health"] }, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 120 },
  readinessProbe: { exec: { command: ["pgharbor-health"] }, periodSeconds: 10, timeoutSeconds: 5 },
  livenessProbe: { exec: { command: ["pgharbor-health"] }, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
  lifecycle: waiting(stopSeconds(context)),
});

/** A pooler that is paused still answers: it must not leave its Service while the primary moves. */
export const poolerContainer = (
  context: KubernetesContext,
  name: string,
  { service, port }: PlannedPooler,
): Container => ({
  ...common(context, name),
  args: ["pgbouncer"],
  ports: [{ name: names.poolerPort(service.name), containerPort: port }],
  resources: withoutEmpty(poolerResources(context)),
  startupProbe: { tcpSocket: { port }, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 120 },
  readinessProbe: { tcpSocket: { port }, periodSeconds: 5, timeoutSeconds: 5 },
  livenessProbe: { tcpSocket: { port }, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
  lifecycle: waiting(FORGOTTEN_SECONDS),
});
