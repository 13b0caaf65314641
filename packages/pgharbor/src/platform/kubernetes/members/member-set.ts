import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labelKeys, names, paths, ports, sidecarsOf, type MemberUnit, type PlannedContainer } from "@pgharbor/core";
import { SKIP_PROVIDER_AWAIT } from "../pods/await";
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
  ownProgram,
} from "../pods/pod-parts";
import { plannedContainer, plannedDemand, plannedVolumes } from "../pods/planned-container";
import { spreadOf } from "../pods/spread";
import type { ContainerDemand } from "../../../clients/kubernetes/capacity/demand";

export const memberLabels = (context: KubernetesContext, member: string): Labels =>
  labelsOf(context, "member", { [labelKeys.member]: member });

/** Selects the pod of one member. */
export const memberSelector = (context: KubernetesContext, member: string): Labels => ({
  ...selectorOf(context, "member"),
  [labelKeys.member]: member,
});

/** The fields of a member's pod whose change replaces the pod. */
export const memberTemplate = (context: KubernetesContext, planned: PlannedContainer) => ({
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
 * Creates a member: a StatefulSet of one pod. With separate StatefulSets a rollout can change members one after the other, the primary
 * last, and each member can have its own role, certificate and volume.
 */
export function createMemberSet(
  context: KubernetesContext,
  unit: MemberUnit,
  opts: pulumi.CustomResourceOptions,
): k8s.apps.v1.StatefulSet {
  const { member, patroni: planned } = unit;
  const labels = memberLabels(context, member.name);
  return new k8s.apps.v1.StatefulSet(
    planned.name,
    {
      metadata: metadataOf(context, planned.name, labels, SKIP_PROVIDER_AWAIT),
      spec: {
        replicas: 1,
        serviceName: names.members(context.model.name),
        // OrderedReady would keep a pod that never became ready, instead of replacing it with a corrected one.
        podManagementPolicy: "Parallel",
        selector: { matchLabels: memberSelector(context, member.name) },
        template: {
          metadata: { labels, annotations: context.spec.annotations },
          spec: podSpec(context, unit),
        },
      },
    },
    // The pod may use its whole grace period, but by default Pulumi's provider gives up after ten minutes.
    context.marker.withCleanupHooks({ ...opts, customTimeouts: { delete: `${planned.stopTimeout + 60}s` } }),
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
    // Time for the switchover, the hooks' pause, and the shutdown checkpoint.
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
      // On disk, because temporary files of a backup or a sort may be large, and memory is for Postgres.
      { name: "tmp", emptyDir: {} },
      // Parallel queries need more shared memory than the default of 64 MB.
      scratchVolume("shm", quantity(planned.shmSize ?? 256 * 1024 ** 2)),
      // Whether WAL has arrived; always there, so that backups come and go without a new pod.
      scratchVolume("spool"),
      ...plannedVolumes(name, sidecars, shared),
    ],
  };
}

function patroni(context: KubernetesContext, planned: PlannedContainer): Container {
  // An exec probe, because Patroni requires a client certificate, which kubelet does not have.
  const probe = (path: string) => ({ exec: { command: ["pgharbor-health", path] } });
  return {
    name: "patroni",
    image: context.images.postgres,
    ...ownProgram,
    args: ["patroni"],
    env: patroniEnv,
    ports: [
      { name: "postgres", containerPort: ports.postgres },
      { name: "patroni", containerPort: ports.patroni },
      { name: "pgbackrest", containerPort: ports.pgbackrest },
    ],
    resources: memberResources(planned),
    securityContext: restricted,
    // The probes check Patroni, not Postgres, because a recovery may take hours, and Patroni supervises it.
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
      { name: "spool", mountPath: paths.archiveSpool },
    ],
  };
}

/** Releases the leader lock when Patroni's container has ended, because Kubernetes may delay its restart for minutes. */
const leaseGuard = (context: KubernetesContext): Container => ({
  name: "lease-guard",
  image: context.images.postgres,
  ...ownProgram,
  args: ["pgharbor-lease-guard"],
  env: patroniEnv,
  resources: GUARD,
  securityContext: restricted,
  volumeMounts: [filesMount("files")],
});
const GUARD_SIZE = { cpu: "50m", memory: "48Mi" };
const GUARD = { requests: GUARD_SIZE, limits: GUARD_SIZE };

/** The default requests are small, so that they fit a laptop. */
const memberResources = ({ cpus, memory }: PlannedContainer) =>
  resourcesOf({ cpu: "100m", memory: "256Mi" }, cpus, memory);

/** Requests and limits of a member's pod. */
export const memberDemand = (unit: MemberUnit): ContainerDemand[] => [
  { name: "patroni", ...memberResources(unit.patroni) },
  { name: "lease-guard", ...GUARD },
  ...sidecarsOf(unit).map((one) => plannedDemand(unit.name, one)),
];
