import type { Manifest } from "./manifest";

const metadata = { name: "localdir", namespace: "kube-system" };
const labels = { app: "localdir" };
/** The provisioner name in go/localdir/main.go. */
const PROVISIONER = "pgharbor.dev/localdir";

/** The storage classes of the cluster and their provisioner. `volumes` is the folder of the volumes. */
export function localdirManifests(image: string, volumes: string): Manifest[] {
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: metadata.name },
      rules: [
        { apiGroups: [""], resources: ["persistentvolumes"], verbs: ["list", "create", "patch", "delete"] },
        { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["list"] },
        { apiGroups: [""], resources: ["persistentvolumeclaims/status"], verbs: ["patch"] },
        { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["list"] },
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: metadata.name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        // Two instances at once would create every volume twice.
        strategy: { type: "Recreate" },
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(image, volumes) },
      },
    },
    storageClass("localdir", { expandable: true, isDefault: true }),
    storageClass("localdir-fixed", { expandable: false }),
    storageClass("localdir-owned", { expandable: true, parameters: { source: "local" } }),
  ];
}

interface ClassOptions {
  readonly expandable: boolean;
  readonly isDefault?: boolean;
  readonly parameters?: Readonly<Record<string, string>>;
}

function storageClass(name: string, { expandable, isDefault = false, parameters }: ClassOptions): Manifest {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name,
      ...(isDefault && { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } }),
    },
    provisioner: PROVISIONER,
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: "Delete",
    allowVolumeExpansion: expandable,
    ...(parameters && { parameters }),
  };
}

function podSpec(image: string, volumes: string): object {
  return {
    serviceAccountName: "localdir",
    containers: [
      {
        name: "localdir",
        image,
        imagePullPolicy: "Never",
        args: [volumes],
        resources: { requests: { cpu: "10m", memory: "30Mi" }, limits: { memory: "100Mi" } },
        volumeMounts: [{ name: "volumes", mountPath: volumes }],
      },
    ],
    volumes: [{ name: "volumes", hostPath: { path: volumes, type: "Directory" } }],
  };
}
