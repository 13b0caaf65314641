import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { names, patroniConfigMaps, type ClusterModel } from "@pgharbor/core";
import { labelsOf, metadataOf } from "../context/metadata";
import type { KubernetesContext } from "../context/context";

type Rule = k8s.types.input.rbac.v1.PolicyRule;

/** Who the members are to the API server. Made first of all: it tells which namespace the provider puts things into. */
export function makeServiceAccount(
  context: Pick<KubernetesContext, "model" | "spec" | "marker">,
  opts: pulumi.CustomResourceOptions,
) {
  const { model } = context;
  return new k8s.core.v1.ServiceAccount(
    names.members(model.name),
    {
      metadata: metadataOf(context, names.members(model.name), labelsOf(context, "member")),
      // Pods say so themselves.
      automountServiceAccountToken: false,
    },
    context.marker.named(opts),
  );
}

/**
 * What Patroni (patroni/dcs/kubernetes.py, 4.0) and the lease guard do, and nothing else. `list`, `watch` and `create` know no
 * names. Patroni's own examples name more: it deletes in `patronictl remove` only, which `PatroniStore` does as whoever runs Pulumi.
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

/** A change of the members changes it in place. */
export function makeAccess(context: KubernetesContext, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const { model, namespace } = context;
  const name = names.members(model.name);
  const metadata = metadataOf(context, name, labelsOf(context, "member"));
  const role = new k8s.rbac.v1.Role(name, { metadata, rules: rules(model) }, context.marker.named(opts));
  const binding = new k8s.rbac.v1.RoleBinding(
    name,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
    context.marker.named({ ...opts, dependsOn: [role] }),
  );
  return [role, binding];
}
