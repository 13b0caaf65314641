import * as pulumi from "@pulumi/pulumi";
import { names, type ClusterPlan, type ClusterSpec, type Late, type ServicePlan } from "@pgharbor/core";
import { ClusterIdentity } from "../cluster-identity";
import { PatroniState } from "../patroni-state";
import type { AddedService, AttachedCluster, Images, Platform } from "../platform";
import { PrimaryPlacement } from "../primary-placement";
import { makeAccess, makeServiceAccount } from "./access";
import { adminRoute } from "./admin-route";
import { memberContainer, placeOf, serviceHost, type KubernetesContext } from "./context";
import { makeDisruptionBudgets } from "./disruption-budgets";
import { makeGateway, type Gateway } from "./gateway";
import { makeMembers } from "./members";
import { madeOf } from "./member-set";
import { makeGatewayPolicy, makeMemberPolicy } from "./network-policies";
import { endpointOf, makeHeadlessServices, makeService } from "./services";
import { makeServiceInstance } from "./service-instance";
import { PatroniStore } from "./store";

/** What a cluster on Kubernetes is asked for, besides its plan. */
export interface KubernetesArgs {
  plan: ClusterPlan;
  spec: ClusterSpec;
  images: Images;
  deletionProtection: boolean;
  kubeconfig?: pulumi.Input<string>;
}

/** The members' account comes first: certificates need the namespace that the provider puts it into. */
export function openKubernetes(args: KubernetesArgs, opts: pulumi.CustomResourceOptions): Platform {
  const { plan, spec, images, deletionProtection, kubeconfig } = args;
  const account = makeServiceAccount(plan.facts, spec.kubernetes ?? {}, opts);
  const namespace = account.metadata.namespace;
  const context: KubernetesContext = {
    facts: plan.facts,
    spec: spec.kubernetes ?? {},
    namespace,
    images,
    deletionProtection,
    kubeconfig,
  };
  return {
    namespace,
    kubernetes: context,
    attach: (late) => attach(context, args, late, { ...opts, dependsOn: [account] }),
  };
}

function attach(
  context: KubernetesContext,
  { plan, spec }: KubernetesArgs,
  late: pulumi.Output<Late>,
  opts: pulumi.CustomResourceOptions,
): AttachedCluster {
  const { facts } = plan;
  // Nothing that runs is touched by a change that cannot be made.
  const afterIdentity = { ...opts, dependsOn: [new ClusterIdentity(facts, spec, opts)] };
  const placement = new PrimaryPlacement(facts, placementOf(context, plan), afterIdentity);
  const ground = [
    ...makeAccess(context, afterIdentity),
    ...makeHeadlessServices(context, afterIdentity),
    ...makeDisruptionBudgets(context, afterIdentity),
    ...makeMemberPolicy(context, plan.services, afterIdentity),
  ];
  const store = new PatroniStore(context, afterIdentity);
  const members = makeMembers(context, plan, spec, late, afterIdentity, [placement, store, ...ground]);
  const gateway = gatewayOf(context, plan, late, afterIdentity);
  const services = plan.services.map((service) =>
    makeService(context, service, names.gateway(facts.name), { ...afterIdentity, dependsOn: [gateway.deployment] }),
  );
  const state = new PatroniState(facts, plan.dynamicConfig, memberContainers(context), placeOf(context), {
    ...opts,
    dependsOn: members.map((m) => m.ready),
  });
  const readyResources = [state, gateway.deployment, ...gateway.files];
  return {
    everything: [...readyResources, ...services, ...members.flatMap((m) => [m.set, m.files, m.claim])],
    ready: pulumi.all([...readyResources, ...members.map((m) => m.files)].map((resource) => resource.urn)),
    readyResources,
    data: members[0]!.claim,
    endpoints: pulumi.all(plan.services.map((service, i) => endpointOf(context, service, services[i]!))),
    adminRoute: (endpoint) => adminRoute(context, endpoint),
    internalHost: (service) => serviceHost(context, service.fullName),
    internalPort: (service) => service.port,
    addService: (added, itsLate, itsOpts) => addService(context, added, itsLate, itsOpts),
    addInstance: (planned, { files }, itsOpts) => makeServiceInstance(context, planned, files, itsOpts),
  };
}

const memberContainers = ({ facts }: KubernetesContext): string[] =>
  facts.members.map((member) => memberContainer(facts, member.name));

const placementOf = (context: KubernetesContext, plan: ClusterPlan) => ({
  ...placeOf(context),
  // Where a command runs, and whom Patroni knows.
  members: context.facts.members
    .filter((member) => member.electable)
    .map((member) => ({ name: member.patroniName, container: memberContainer(context.facts, member.name) })),
  madeOf: madeOf(
    context,
    plan.containers.find((container) => container.program === "patroni")!,
  ),
});

function gatewayOf(
  context: KubernetesContext,
  plan: ClusterPlan,
  late: pulumi.Output<Late>,
  opts: pulumi.CustomResourceOptions,
): Gateway {
  const name = names.gateway(context.facts.name);
  const planned = plan.containers.filter((container) => container.program !== "patroni");
  makeGatewayPolicy(context, name, plan.services, opts);
  return makeGateway(context, name, planned, plan.services, late, opts);
}

/** Pods of its own: no other pod is touched. */
function addService(
  context: KubernetesContext,
  added: ServicePlan,
  late: pulumi.Output<Late>,
  opts: pulumi.CustomResourceOptions,
): AddedService {
  const { service } = added;
  const name = names.serviceGateway(context.facts.name, service.name);
  makeGatewayPolicy(context, name, [service], opts);
  const gateway = makeGateway(context, name, added.containers, [service], late, opts);
  const made = makeService(context, service, name, { ...opts, dependsOn: [gateway.deployment] });
  return {
    endpoint: endpointOf(context, service, made),
    running: pulumi.all([gateway.deployment, made, ...gateway.files].map((resource) => resource.urn)),
  };
}
