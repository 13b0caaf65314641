import * as pulumi from "@pulumi/pulumi";
import { names, type ClusterPlan, type ClusterSpec, type ServicePlan } from "@pgharbor/core";
import { ClusterIdentity } from "../cluster-identity";
import { PatroniState } from "../patroni-state";
import type { AddedService, AttachedCluster, Images, Platform } from "../platform";
import { PrimaryPlacement } from "../primary-placement";
import { makeAccess, makeServiceAccount } from "./access";
import { adminRoute } from "./admin-route";
import { broughtCertificates } from "./brought-certificates";
import { broughtPasswords } from "./brought-passwords";
import { CertificateOrigin } from "./certificate-origin";
import { memberContainer, placeOf, serviceHost, type KubernetesContext } from "./context";
import { makeDisruptionBudget } from "./disruption-budget";
import { makeGateway, type Gateway } from "./gateway";
import { makeInnerServices } from "./inner-services";
import { KubernetesLeftovers } from "./leftovers";
import { LastLeader } from "./last-leader";
import { makeMembers } from "./members";
import { selectorOf } from "./metadata";
import { madeOf } from "./member-set";
import { makeAddedServicePolicy, makeGatewayPolicy, makeMemberPolicy } from "./network-policies";
import { createMonitoringSecret } from "./monitoring";
import { ObjectMarker } from "./object-marker";
import { Preflight } from "./preflight";
import { endpointOf, makeService } from "./services";
import { SameKubernetes } from "./same-kubernetes";
import { makeServiceInstance } from "./service-instance";
import { PatroniStore } from "./store";
import type { LateOutputs } from "../late";

/** What a cluster on Kubernetes is asked for, besides its plan. */
export interface KubernetesArgs {
  plan: ClusterPlan;
  spec: ClusterSpec;
  images: Images;
  deletionProtection: boolean;
  kubeconfig?: pulumi.Input<string>;
}

/**
 * What Kubernetes lacks is said first, then what a cluster cannot change, before anything is made. Where no namespace is given
 * only the members' account knows it, so the account comes before both. Certificates need the namespace, too.
 */
export function openKubernetes(args: KubernetesArgs, opts: pulumi.CustomResourceOptions): Platform {
  const { plan, spec, images, deletionProtection, kubeconfig } = args;
  const { validityDays } = spec.tls ?? {};
  const { facts } = plan;
  const marker = new ObjectMarker(facts.name, { context: spec.kubernetes?.reach?.context, kubeconfig }, opts);
  const { acceptDataLoss } = spec;
  const its = {
    ...{ facts, spec: spec.kubernetes ?? {}, images, marker },
    ...{ deletionProtection, acceptDataLoss, kubeconfig, validityDays },
  };
  const given = spec.kubernetes?.namespace;
  const inspect = (namespace: pulumi.Output<string>, before: pulumi.Resource[]): pulumi.Resource => {
    const there = { ...its, namespace };
    const preflight = new Preflight(there, plan, spec, { ...opts, dependsOn: before });
    return new ClusterIdentity(plan.facts, spec, placeOf(there), { ...opts, dependsOn: [preflight] });
  };
  const checked = given === undefined ? [] : [inspect(pulumi.output(given), [])];
  const account = makeServiceAccount(its, { ...opts, dependsOn: checked });
  const namespace = account.metadata.namespace;
  const context: KubernetesContext = { ...its, namespace, account: account.metadata.uid };
  const same = new SameKubernetes(context, { ...opts, dependsOn: [account] });
  const leftovers = new KubernetesLeftovers(context, { ...opts, dependsOn: [account, same] });
  const ground = given === undefined ? [leftovers, inspect(namespace, [account, same])] : [account, same, leftovers];
  return {
    namespace,
    kubernetes: context,
    ...brought(context, ground),
    attach: (late) => attach(context, args, late, { ...opts, dependsOn: ground }),
  };
}

/** What a person brings instead of what a cluster makes for itself. */
function brought(context: KubernetesContext, ground: pulumi.Resource[]): Pick<Platform, "certificates" | "passwords"> {
  const { certificates, passwordSecret } = context.spec;
  return {
    ...(passwordSecret === undefined ? {} : { passwords: (random) => broughtPasswords(context, random) }),
    ...(certificates === undefined
      ? {}
      : { certificates: (plan, opts) => broughtCertificates(context, plan, { ...opts, dependsOn: ground }) }),
  };
}

function attach(
  context: KubernetesContext,
  { plan, spec }: KubernetesArgs,
  late: LateOutputs,
  opts: pulumi.CustomResourceOptions,
): AttachedCluster {
  const { facts } = plan;
  // Before the gateways: what DNS once said is not there, its caches repeat for half a minute.
  const inner = makeInnerServices(context, opts);
  const gateway = gatewayOf(context, plan, late, { ...opts, dependsOn: inner });
  // One that is being replaced would end the clients that it holds while the primary moves.
  const placement = new PrimaryPlacement(plan, placementOf(context, plan), { ...opts, dependsOn: [gateway.ready] });
  const ground = [
    // Takes the rights of members that leave: without them they say nothing of themselves, not even that they follow another.
    ...makeAccess(context, { ...opts, dependsOn: [placement] }),
    makeDisruptionBudget(context, names.members(facts.name), "member", selectorOf(context, "member"), opts),
    ...makeMemberPolicy(context, plan.services, opts),
  ];
  createMonitoringSecret(context, late, opts);
  const store = new PatroniStore(context, opts);
  const members = makeMembers(context, plan, spec, late, opts, { store, first: [placement, ...ground] });
  const services = plan.services.map((service) =>
    makeService(context, service, names.gateway(facts.name), { ...opts, dependsOn: [gateway.ready] }),
  );
  const afterMembers = { ...opts, dependsOn: members.map((m) => m.ready) };
  new LastLeader(context, members[0]!.member, afterMembers);
  const place = { ...placeOf(context), acceptDataLoss: spec.acceptDataLoss };
  const state = new PatroniState(facts, plan.dynamicConfig, memberContainers(context), place, afterMembers);
  new CertificateOrigin(context, { ...opts, dependsOn: [state] });
  const readyResources = [state, gateway.ready, ...gateway.files];
  return {
    ready: pulumi.all([...readyResources, ...members.map((m) => m.files)].map((resource) => resource.urn)),
    readyResources,
    data: members.find(({ member }) => member === facts.members[0])!.claim,
    endpoints: pulumi.all(plan.services.map((service, i) => endpointOf(context, service, services[i]!))),
    adminRoute: (service) => adminRoute(context, service),
    internalHost: (service) => serviceHost(context, service.fullName),
    internalPort: (service) => service.port,
    addService: (added, itsLate, itsOpts) => addService(context, added, itsLate, itsOpts),
    addInstance: (planned, { files }, itsOpts) => makeServiceInstance(context, planned, files, itsOpts),
  };
}

const memberContainers = ({ facts }: KubernetesContext): string[] =>
  facts.members.map((member) => memberContainer(facts, member.name));

function placementOf(context: KubernetesContext, plan: ClusterPlan) {
  const planned = plan.containers.find((container) => container.program === "patroni")!;
  return {
    ...placeOf(context),
    // Where a command runs, and whom Patroni knows.
    members: context.facts.members
      .filter((member) => member.electable)
      .map((member) => ({ name: member.patroniName, container: memberContainer(context.facts, member.name) })),
    madeOf: madeOf(context, planned),
  };
}

function gatewayOf(
  context: KubernetesContext,
  plan: ClusterPlan,
  late: LateOutputs,
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
  late: LateOutputs,
  opts: pulumi.CustomResourceOptions,
): AddedService {
  const { service } = added;
  const name = names.serviceGateway(context.facts.name, service.name);
  makeGatewayPolicy(context, name, [service], opts);
  makeAddedServicePolicy(context, name, service, opts);
  const gateway = makeGateway(context, name, added.containers, [service], late, opts);
  const made = makeService(context, service, name, { ...opts, dependsOn: [gateway.ready] });
  return {
    endpoint: endpointOf(context, service, made),
    running: pulumi.all([gateway.ready, made, ...gateway.files].map((resource) => resource.urn)),
  };
}
