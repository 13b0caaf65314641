import type { ApiRequest } from "./kube-api";
import { isMissing } from "./kube-api";
import { groupVersionOf, listAt, namespaceOf, textAt, type KubeObject } from "./kube-object";

/** Where the API keeps the objects of a kind. */
export interface ResourcePath {
  readonly plural: string;
  readonly namespaced: boolean;
}

const namespaced = (plural: string): ResourcePath => ({ plural, namespaced: true });
const clusterWide = (plural: string): ResourcePath => ({ plural, namespaced: false });

/** Known without asking, so that a preview of what has not changed sends no request at all. */
const BUILT_IN: { [apiVersion: string]: { [kind: string]: ResourcePath } } = {
  v1: {
    ConfigMap: namespaced("configmaps"),
    Endpoints: namespaced("endpoints"),
    Event: namespaced("events"),
    LimitRange: namespaced("limitranges"),
    Namespace: clusterWide("namespaces"),
    Node: clusterWide("nodes"),
    PersistentVolume: clusterWide("persistentvolumes"),
    PersistentVolumeClaim: namespaced("persistentvolumeclaims"),
    Pod: namespaced("pods"),
    ResourceQuota: namespaced("resourcequotas"),
    Secret: namespaced("secrets"),
    Service: namespaced("services"),
    ServiceAccount: namespaced("serviceaccounts"),
  },
  "apps/v1": {
    DaemonSet: namespaced("daemonsets"),
    Deployment: namespaced("deployments"),
    ReplicaSet: namespaced("replicasets"),
    StatefulSet: namespaced("statefulsets"),
  },
  "batch/v1": { CronJob: namespaced("cronjobs"), Job: namespaced("jobs") },
  "networking.k8s.io/v1": { Ingress: namespaced("ingresses"), NetworkPolicy: namespaced("networkpolicies") },
  "policy/v1": { PodDisruptionBudget: namespaced("poddisruptionbudgets") },
  "rbac.authorization.k8s.io/v1": {
    ClusterRole: clusterWide("clusterroles"),
    ClusterRoleBinding: clusterWide("clusterrolebindings"),
    Role: namespaced("roles"),
    RoleBinding: namespaced("rolebindings"),
  },
  "scheduling.k8s.io/v1": { PriorityClass: clusterWide("priorityclasses") },
  "storage.k8s.io/v1": { StorageClass: clusterWide("storageclasses") },
  "apiextensions.k8s.io/v1": { CustomResourceDefinition: clusterWide("customresourcedefinitions") },
};

/** Kubernetes' own API groups, whose objects the server fills and normalizes in known ways. */
export function isBuiltInApi(apiVersion: string): boolean {
  const { group } = groupVersionOf(apiVersion);
  return !group.includes(".") || group.endsWith(".k8s.io");
}

/** Kinds the API does not serve are an error that says what is likely missing. */
export class UnknownKind extends Error {
  constructor(apiVersion: string, kind: string) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`);
  }
}

/** Finds out where objects of a kind live; asks the server once a version for kinds that are not Kubernetes' own. */
export class Kinds {
  private readonly asked = new Map<string, Promise<Map<string, ResourcePath>>>();

  constructor(private readonly request: ApiRequest) {}

  async pathOf(apiVersion: string, kind: string): Promise<ResourcePath> {
    const known = BUILT_IN[apiVersion]?.[kind];
    if (known) return known;
    let discovery = this.asked.get(apiVersion);
    if (!discovery) {
      discovery = this.discover(apiVersion);
      this.asked.set(apiVersion, discovery);
    }
    try {
      const found = (await discovery).get(kind);
      if (found) return found;
    } catch (error) {
      this.asked.delete(apiVersion);
      if (!isMissing(error)) throw error;
    }
    // A definition that is made in this same run makes the kind known later.
    this.asked.delete(apiVersion);
    throw new UnknownKind(apiVersion, kind);
  }

  /** A custom kind that nobody has defined yet is taken for a namespaced one, as most are. */
  async isNamespaced(apiVersion: string, kind: string): Promise<boolean> {
    try {
      return (await this.pathOf(apiVersion, kind)).namespaced;
    } catch {
      return true;
    }
  }

  async collectionUrl(apiVersion: string, kind: string, namespace: string): Promise<string> {
    const { plural, namespaced } = await this.pathOf(apiVersion, kind);
    const scope = namespaced ? `/namespaces/${encodeURIComponent(namespace || "default")}` : "";
    return `${rootOf(apiVersion)}${scope}/${plural}`;
  }

  async objectUrl(object: KubeObject, name: string): Promise<string> {
    const collection = await this.collectionUrl(
      textAt(object, "apiVersion"),
      textAt(object, "kind"),
      namespaceOf(object),
    );
    return `${collection}/${encodeURIComponent(name)}`;
  }

  private async discover(apiVersion: string): Promise<Map<string, ResourcePath>> {
    const list = await this.request({ method: "GET", path: rootOf(apiVersion) });
    const kinds = listAt(list, "resources").filter((resource) => !textAt(resource, "name").includes("/"));
    return new Map(
      kinds.map((resource) => [
        textAt(resource, "kind"),
        { plural: textAt(resource, "name"), namespaced: resource.namespaced === true },
      ]),
    );
  }
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
