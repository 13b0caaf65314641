import type { types } from "@pulumi/kubernetes";
import type { PlannedContainer, PlannedFile } from "@pgharbor/core";
import type { ContainerDemand } from "../../../clients/kubernetes/capacity/demand";
import { fileKey } from "../../../clients/kubernetes/objects/file-key";
import type { KubernetesContext } from "../context/context";

export type PodSpec = types.input.core.v1.PodSpec;
export type Container = types.input.core.v1.Container;
export type Volume = types.input.core.v1.Volume;
export type VolumeMount = types.input.core.v1.VolumeMount;

const CONFIG = "/etc/pgharbor/current";

/** The Secret that holds a container's files. */
export const secretNameOf = (planned: PlannedContainer): string => `${planned.name}-files`;

/** The Secret of a container as files under its configuration folder, readable by the program's group alone. */
export const filesVolume = (name: string, planned: PlannedContainer): Volume => ({
  name,
  secret: {
    secretName: secretNameOf(planned),
    defaultMode: 0o440,
    items: [
      ...planned.files.map(({ path }: PlannedFile) => ({ key: fileKey(path), path })),
      { key: "revision", path: "revision" },
    ],
  },
});
export const filesMount = (name: string): VolumeMount => ({ name, mountPath: CONFIG, readOnly: true });

/** What programs write besides data. In memory: sockets, pid files and the like. */
export const scratchVolume = (name: string, sizeLimit = "64Mi"): Volume => ({
  name,
  emptyDir: { medium: "Memory", sizeLimit },
});

/** As the Pod Security Standard `restricted` asks for it, and a root file system that nothing writes to. */
export const restricted: types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};

export const restrictedPod = (uid: number, gid: number): types.input.core.v1.PodSecurityContext => ({
  runAsNonRoot: true,
  runAsUser: uid,
  runAsGroup: gid,
  fsGroup: gid,
  // A walk through a large data directory would hold up each start.
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
});

const fromField = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

/** Where a pod is. Nothing here is secret. */
export const podEnv = [
  fromField("POD_NAME", "metadata.name"),
  fromField("POD_NAMESPACE", "metadata.namespace"),
  fromField("POD_IP", "status.podIP"),
];
export const patroniEnv = [...podEnv, fromField("PATRONI_KUBERNETES_NAMESPACE", "metadata.namespace")];

/** What every pod of a cluster has. */
export const commonPodSpec = ({ spec }: KubernetesContext) => ({
  imagePullSecrets: spec.imagePullSecrets?.map((name) => ({ name })),
  nodeSelector: spec.scheduling?.nodeSelector,
  tolerations: spec.scheduling?.tolerations,
  priorityClassName: spec.scheduling?.priorityClass,
  // A variable for each Service of the namespace would make a pod's environment depend on what else is there.
  enableServiceLinks: false,
});

/** What a container asks for: as usual where the person gives no figure, in cores and bytes; a figure is its limit, too. */
export function resourcesOf(
  usual: { cpu: string; memory: string },
  cpu: number | undefined,
  memory: number | undefined,
): Pick<ContainerDemand, "requests" | "limits"> {
  const limits: Record<string, string> = {
    ...(cpu === undefined ? {} : { cpu: String(cpu) }),
    ...(memory === undefined ? {} : { memory: quantity(memory) }),
  };
  return { requests: { ...usual, ...limits }, limits };
}

/** A size for Kubernetes: whole gibibytes where it is some. */
export function quantity(bytes: number): string {
  const GIBI = 1024 ** 3;
  const MEBI = 1024 ** 2;
  if (bytes % GIBI === 0) return `${bytes / GIBI}Gi`;
  return bytes % MEBI === 0 ? `${bytes / MEBI}Mi` : String(bytes);
}
