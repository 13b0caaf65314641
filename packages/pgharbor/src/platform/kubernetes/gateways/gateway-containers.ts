import { names, parseBytes, paths, type PlannedPooler, type ResolvedService } from "@pgharbor/core";
import type { KubernetesContext } from "../context/context";
import {
  filesMount,
  podEnv,
  resourcesOf,
  restricted,
  type Container,
  type VolumeMount,
  ownProgram,
} from "../pods/pod-parts";

/** No default limits, because a throttled gateway delays every client. */
function gatewayResources({ spec }: KubernetesContext, usualMemory: string) {
  const { cpu, memory } = spec.gatewayResources ?? {};
  return resourcesOf({ cpu: "50m", memory: usualMemory }, cpu, memory === undefined ? undefined : parseBytes(memory));
}
export const haproxyResources = (context: KubernetesContext) => gatewayResources(context, "96Mi");
export const poolerResources = (context: KubernetesContext) => gatewayResources(context, "48Mi");

/** Omits empty limits, as Kubernetes reads them back. */
const withoutEmpty = ({ requests, limits }: ReturnType<typeof gatewayResources>) =>
  Object.keys(limits).length === 0 ? { requests } : { requests, limits };

/** Time until Services stop sending new connections to a terminating pod. */
const ENDPOINT_REMOVAL_SECONDS = 5;

/** HAProxy stops after the poolers, which need it until their clients' transactions have ended. */
export const stopSeconds = (context: KubernetesContext): number =>
  ENDPOINT_REMOVAL_SECONDS + context.model.drainTimeout + 5;

const preStopSleep = (seconds: number) => ({ preStop: { exec: { command: ["sleep", String(seconds)] } } });

const mounts = (name: string): VolumeMount[] => [
  filesMount(`${name}-files`),
  { name: `${name}-run`, mountPath: "/run/pgharbor" },
  { name: "sockets", mountPath: paths.sockets },
  { name: `${name}-tmp`, mountPath: "/tmp" },
];

const common = (context: KubernetesContext, name: string) => ({
  name,
  image: context.images.gateway,
  ...ownProgram,
  env: podEnv,
  securityContext: restricted,
  volumeMounts: mounts(name),
});

/** A service's port in a gateway's pod: a pooler's by name, because old and new pods may have different numbers; HAProxy's by number. */
export const podPort = ({ name, port, pool }: ResolvedService): string | number =>
  pool === undefined ? port : names.poolerPort(name);

/** The probes use HAProxy's socket, because a connection to a service's port would be forwarded to Postgres. */
export const haproxyContainer = (context: KubernetesContext, name: string): Container => ({
  ...common(context, name),
  args: ["haproxy"],
  resources: withoutEmpty(haproxyResources(context)),
  startupProbe: { exec: { command: ["pgharbor-health"] }, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 120 },
  readinessProbe: { exec: { command: ["pgharbor-health"] }, periodSeconds: 10, timeoutSeconds: 5 },
  livenessProbe: { exec: { command: ["pgharbor-health"] }, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
  lifecycle: preStopSleep(stopSeconds(context)),
});

/** TCP probes also succeed while the pooler is paused, so that it stays in its Service while the primary moves. */
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
  lifecycle: preStopSleep(ENDPOINT_REMOVAL_SECONDS),
});
