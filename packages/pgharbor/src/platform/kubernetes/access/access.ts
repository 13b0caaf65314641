import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { names, patroniConfigMaps, type ClusterModel } from "@pgharbor/core";
import { labelsOf, metadataOf } from "../context/metadata";
import type { KubernetesContext } from "../context/context";

type Rule = k8s.types.input.rbac.v1.PolicyRule;

/** Creates the members' ServiceAccount, the first object of a cluster, because its output is the provider's namespace. */
export function createServiceAccount(
  context: Pick<KubernetesContext, "model" | "spec" | "marker">,
  opts: pulumi.CustomResourceOptions,
) {
  const { model } = context;
  return new k8s.core.v1.ServiceAccount(
    names.members(model.name),
    {
      metadata: metadataOf(context, names.members(model.name), labelsOf(context, "member")),
      // Pods that need the token mount it explicitly.
      automountServiceAccountToken: false,
    },
    context.marker.withCleanupHooks(opts),
  );
}

/**
 * Only the rights that Patroni (patroni/dcs/kubernetes.py, 4.0) and the lease guard use. `list`, `watch` and `create` cannot be limited to
 * names. Patroni's examples also allow `delete`, which only `patronictl remove` uses; `PatroniStore` deletes with Pulumi's own rights.
 */
const rules = (model: ClusterModel): Rule[] => [
  { apiGroups: [""], resources: ["configmaps"], verbs: ["create", "list", "watch"] },
  {
    apiGroups: [""],
    resources: ["configmaps"],
    resourceNames: Object.values(patroniConfigMaps(model.name)),
    verbs: ["get", "patch"],
  },
  { apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] },
  {
    apiGroups: [""],
    resources: ["pods"],
    resourceNames: model.members.map((member) => member.patroniName),
    verbs: ["patch"],
  },
];

/** Creates the Role and its binding. A change of the members updates the Role. */
export function createAccess(context: KubernetesContext, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const { model, namespace } = context;
  const name = names.members(model.name);
  const metadata = metadataOf(context, name, labelsOf(context, "member"));
  const role = new k8s.rbac.v1.Role(name, { metadata, rules: rules(model) }, context.marker.withCleanupHooks(opts));
  const binding = new k8s.rbac.v1.RoleBinding(
    name,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
    context.marker.withCleanupHooks({ ...opts, dependsOn: [role] }),
  );
  return [role, binding];
}
