import { groupVersionOf, isConfigMap, isSecretObject, textAt, type KubeObject } from "./kube-object";

/** What of an object cannot change while it exists, by group and kind, where the official provider replaces. */
const FORCE_NEW: { [group: string]: { [kind: string]: string[] } } = {
  "": {
    PersistentVolume: ["csi", "fc", "hostPath", "iscsi", "local", "nfs"].map((source) => `spec.${source}`),
    PersistentVolumeClaim: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
    ResourceQuota: ["spec.scopes"],
    Secret: ["type"],
    Service: ["spec.clusterIP"],
    Pod: [
      ...["affinity", "automountServiceAccountToken", "dnsConfig", "dnsPolicy", "enableServiceLinks", "hostAliases"],
      ...["hostIPC", "hostNetwork", "hostPID", "hostname", "imagePullSecrets", "nodeName", "nodeSelector", "overhead"],
      ...["preemptionPolicy", "priority", "priorityClassName", "readinessGates", "restartPolicy", "runtimeClassName"],
      ...["schedulerName", "securityContext", "serviceAccount", "serviceAccountName", "shareProcessNamespace"],
      ...["subdomain", "terminationGracePeriodSeconds", "volumes"],
      ...["containers", "initContainers"].flatMap((list) =>
        [
          ...["args", "command", "env", "image", "imagePullPolicy", "lifecycle", "livenessProbe", "ports"],
          ...["readinessProbe", "resources", "securityContext", "stdin", "stdinOnce", "terminationMessagePath"],
          ...["terminationMessagePolicy", "tty", "volumeDevices", "volumeMounts", "workingDir"],
        ].map((field) => `${list}.*.${field}`),
      ),
    ].map((field) => `spec.${field}`),
  },
  apps: {
    DaemonSet: ["spec.selector"],
    Deployment: ["spec.selector"],
    StatefulSet: [
      "spec.podManagementPolicy",
      "spec.revisionHistoryLimit",
      "spec.selector",
      "spec.serviceName",
      "spec.volumeClaimTemplates",
    ],
  },
  batch: { Job: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"] },
  "rbac.authorization.k8s.io": { ClusterRoleBinding: ["roleRef"], RoleBinding: ["roleRef"] },
  "storage.k8s.io": { StorageClass: ["parameters", "provisioner"] },
};

export interface Mutability {
  readonly enableConfigMapMutable: boolean;
  readonly enableSecretMutable: boolean;
}

export function forceNewPaths(object: KubeObject, options: Mutability): string[][] {
  const { group } = groupVersionOf(textAt(object, "apiVersion"));
  const kind = textAt(object, "kind");
  const immutable = object.immutable === true;
  const own = () => {
    if (isSecretObject(object) && (!options.enableSecretMutable || immutable)) return ["type", "stringData", "data"];
    if (isConfigMap(object) && (!options.enableConfigMapMutable || immutable)) return ["binaryData", "data"];
    return FORCE_NEW[group === "core" ? "" : group]?.[kind] ?? [];
  };
  return ["metadata.name", "metadata.namespace", ...own()].map((path) => path.split("."));
}
