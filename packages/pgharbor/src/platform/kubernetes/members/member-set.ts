import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labelKeys, names, paths, ports, sidecarsOf, type MemberUnit, type PlannedContainer } from "@pgharbor/core";
import { AWAITED_BY_US } from "../pods/await";
import type { KubernetesContext } from "../context/context";
import { labelsOf, metadataOf, selectorOf, type Labels } from "../context/metadata";
import {
  commonPodSpec,
  filesMount,
  filesVolume,
  patroniEnv,
  quantity,
  resourcesOf,
  restricted,
  restrictedPod,
  scratchVolume,
  type Container,
  type PodSpec,
} from "../pods/pod-parts";
import { plannedContainer, plannedDemand, plannedVolumes } from "../pods/planned-container";
import { spreadOf } from "../pods/spread";
import type { ContainerDemand } from "../../../clients/kubernetes/capacity/demand";

export const memberLabels = (context: KubernetesContext, member: string): Labels =>
  labelsOf(context, "member", { [labelKeys.member]: member });

/** What finds the pod of one member. */
export const memberSelector = (context: KubernetesContext, member: string): Labels => ({
  ...selectorOf(context, "member"),
  [labelKeys.member]: member,
});

/** What a member's pod is made of, plain: a change of it makes a new pod. */
export const madeOf = (context: KubernetesContext, planned: PlannedContainer) => ({
  image: context.images.postgres,
  cpus: planned.cpus,
  memory: planned.memory,
  stopTimeout: planned.stopTimeout,
  labels: context.model.labels,
  annotations: context.spec.annotations,
  scheduling: context.spec.scheduling,
  imagePullSecrets: context.spec.imagePullSecrets,
});

/**
 * One member: a StatefulSet of one pod. A set of its own, so that members are changed in the order that keeps the primary
 * for last, each once the one before is back, and so that a role, a certificate or a volume can be one member's alone.
 */
export function makeMemberSet(
  context: KubernetesContext,
  unit: MemberUnit,
  opts: pulumi.CustomResourceOptions,
): k8s.apps.v1.StatefulSet {
  const { member, patroni: planned } = unit;
  const labels = memberLabels(context, member.name);
  return new k8s.apps.v1.StatefulSet(
    planned.name,
    {
      metadata: metadataOf(context, planned.name, labels, AWAITED_BY_US),
      spec: {
        replicas: 1,
        serviceName: names.members(context.model.name),
        // A pod that never came up must not keep a corrected one from taking its place.
        podManagementPolicy: "Parallel",
        selector: { matchLabels: memberSelector(context, member.name) },
        template: {
          metadata: { labels, annotations: context.spec.annotations },
          spec: podSpec(context, unit),
        },
      },
    },
    // Its pod may take its whole grace. Pulumi's provider gives up after ten minutes otherwise.
    context.marker.named({ ...opts, customTimeouts: { delete: `${planned.stopTimeout + 60}s` } }),
  );
}

function podSpec(context: KubernetesContext, unit: MemberUnit): PodSpec {
  const { name, member, patroni: planned } = unit;
  const sidecars = sidecarsOf(unit);
  const shared = Object.fromEntries(planned.volumes.map(({ volume }) => [volume, "data"]));
  return {
    ...commonPodSpec(context),
    ...spreadOf(context, selectorOf(context, "member")),
    serviceAccountName: names.members(context.model.name),
    automountServiceAccountToken: true,
    securityContext: restrictedPod(planned.uid, planned.gid),
    // The hooks' pause, the checkpoint of a clean stop, and the hand-over.
    terminationGracePeriodSeconds: planned.stopTimeout,
    containers: [
      patroni(context, planned),
      leaseGuard(context),
      ...sidecars.map((one) => plannedContainer(context, name, one, shared)),
    ],
    volumes: [
      {
        name: "data",
        persistentVolumeClaim: { claimName: names.memberVolume(context.model.name, member.name) },
      },
      filesVolume("files", planned),
      scratchVolume("run"),
      scratchVolume("postgres-run"),
      // A backup's or a sort's temporary files may be large; memory is for Postgres.
      { name: "tmp", emptyDir: {} },
      // Parallel queries share memory here; the usual 64 MB is too little for them.
      scratchVolume("shm", quantity(planned.shmSize ?? 256 * 1024 ** 2)),
      ...plannedVolumes(name, sidecars, shared),
    ],
  };
}

function patroni(context: KubernetesContext, planned: PlannedContainer): Container {
  // From inside: kubelet has no certificate, and Patroni answers nobody without one.
  const probe = (path: string) => ({ exec: { command: ["pgharbor-health", path] } });
  return {
    name: "patroni",
    image: context.images.postgres,
    imagePullPolicy: "IfNotPresent",
    args: ["patroni"],
    env: patroniEnv,
    ports: [
      { name: "postgres", containerPort: ports.postgres },
      { name: "patroni", containerPort: ports.patroni },
    ],
    resources: memberResources(planned),
    securityContext: restricted,
    // Whether Patroni runs, not Postgres: a recovery may take hours, and Patroni watches over it.
    startupProbe: { ...probe("/liveness"), periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 300 },
    livenessProbe: { ...probe("/liveness"), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    readinessProbe: { ...probe("/readiness"), periodSeconds: 3, timeoutSeconds: 5, failureThreshold: 2 },
    volumeMounts: [
      { name: "data", mountPath: paths.data },
      filesMount("files"),
      { name: "run", mountPath: "/run/pgharbor" },
      { name: "postgres-run", mountPath: paths.postgresSocket },
      { name: "tmp", mountPath: "/tmp" },
      { name: "shm", mountPath: "/dev/shm" },
    ],
  };
}

/** Gives the leader's lock back when Patroni's container is gone: Kubernetes may hold its restart back for minutes. */
const leaseGuard = (context: KubernetesContext): Container => ({
  name: "lease-guard",
  image: context.images.postgres,
  imagePullPolicy: "IfNotPresent",
  args: ["pgharbor-lease-guard"],
  env: patroniEnv,
  resources: GUARD,
  securityContext: restricted,
  volumeMounts: [filesMount("files")],
});
const GUARD_SIZE = { cpu: "50m", memory: "48Mi" };
const GUARD = { requests: GUARD_SIZE, limits: GUARD_SIZE };

/** Little to ask for where the person gave no figures: a default must fit a laptop. */
const memberResources = ({ cpus, memory }: PlannedContainer) =>
  resourcesOf({ cpu: "100m", memory: "256Mi" }, cpus, memory);

/** What a member's pod asks for. */
export const memberDemand = (unit: MemberUnit): ContainerDemand[] => [
  { name: "patroni", ...memberResources(unit.patroni) },
  { name: "lease-guard", ...GUARD },
  ...sidecarsOf(unit).map((one) => plannedDemand(unit.name, one)),
];
