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
export const secretNameOf = (planned: Pick<PlannedContainer, "name">): string => `${planned.name}-files`;

/**
 * A volume with the files of a container's Secret, readable only by the program's group. Optional files are listed whether the Secret has
 * them or not, so that the pod does not change with them.
 */
export function filesVolume(name: string, { files, optionalFiles = [], ...planned }: PlannedContainer): Volume {
  const required = files.map(({ path }: PlannedFile) => path).filter((path) => !optionalFiles.includes(path));
  const secretName = secretNameOf(planned);
  const items = [...required.map(itemOf), { key: "revision", path: "revision" }];
  if (optionalFiles.length === 0) return { name, secret: { secretName, defaultMode: 0o440, items } };
  const sources = [
    { secret: { name: secretName, items } },
    { secret: { name: secretName, items: optionalFiles.map(itemOf), optional: true } },
  ];
  return { name, projected: { defaultMode: 0o440, sources } };
}
const itemOf = (path: string) => ({ key: fileKey(path), path });
export const filesMount = (name: string): VolumeMount => ({ name, mountPath: CONFIG, readOnly: true });

/** A volume in memory for sockets, pid files and other small files. */
export const scratchVolume = (name: string, sizeLimit = "64Mi"): Volume => ({
  name,
  emptyDir: { medium: "Memory", sizeLimit },
});

/** Fields of each container of pgharbor's own. Its status keeps the last lines of the log of a program that failed, for error messages. */
export const ownProgram = {
  imagePullPolicy: "IfNotPresent",
  terminationMessagePolicy: "FallbackToLogsOnError",
};

/** Fulfils the Pod Security Standard `restricted`, and makes the root file system read-only. */
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
  // A recursive chown of a large data directory would delay each start.
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
});

const fromField = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

/** Name, namespace and address of a pod. */
export const podEnv = [
  fromField("POD_NAME", "metadata.name"),
  fromField("POD_NAMESPACE", "metadata.namespace"),
  fromField("POD_IP", "status.podIP"),
];
export const patroniEnv = [...podEnv, fromField("PATRONI_KUBERNETES_NAMESPACE", "metadata.namespace")];

/** Fields of every pod of a cluster. */
export const commonPodSpec = ({ spec }: KubernetesContext) => ({
  imagePullSecrets: spec.imagePullSecrets?.map((name) => ({ name })),
  nodeSelector: spec.scheduling?.nodeSelector,
  tolerations: spec.scheduling?.tolerations,
  priorityClassName: spec.scheduling?.priorityClass,
  // Otherwise a pod's environment would contain variables for every Service of the namespace.
  enableServiceLinks: false,
});

/** Requests and limits of a container. A value that the program gives, in cores or bytes, is both. */
export function resourcesOf(
  defaults: { cpu: string; memory: string },
  cpu: number | undefined,
  memory: number | undefined,
): Pick<ContainerDemand, "requests" | "limits"> {
  const limits: Record<string, string> = {
    ...(cpu === undefined ? {} : { cpu: String(cpu) }),
    ...(memory === undefined ? {} : { memory: quantity(memory) }),
  };
  return { requests: { ...defaults, ...limits }, limits };
}

/** A size as a Kubernetes quantity, in the largest unit without a fraction. */
export function quantity(bytes: number): string {
  const GIBI = 1024 ** 3;
  const MEBI = 1024 ** 2;
  if (bytes % GIBI === 0) return `${bytes / GIBI}Gi`;
  return bytes % MEBI === 0 ? `${bytes / MEBI}Mi` : String(bytes);
}
