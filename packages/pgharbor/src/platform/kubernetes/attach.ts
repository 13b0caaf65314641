import * as pulumi from "@pulumi/pulumi";
import { first, names, type ClusterPlan, type ClusterSpec, type ServicePlan } from "@pgharbor/core";
import { ClusterIdentity } from "../cluster-identity";
import { PatroniState } from "../patroni-state";
import type { AddedService, AttachedCluster, Images, Platform } from "../platform";
import { PrimaryPlacement } from "../primary-placement";
import { makeAccess, makeServiceAccount } from "./access/access";
import { adminRoute } from "./network/admin-route";
import { broughtCertificates } from "./brought/certificates";
import { createBindingSecret } from "./brought/binding-secret";
import { broughtPasswords } from "./brought/passwords";
import { readPassword } from "./brought/password-in-secret";
import { CertificateOrigin } from "./guards/certificate-origin";
import { memberContainer, locationArgs, serviceHost, type KubernetesContext } from "./context/context";
import { makeDisruptionBudget } from "./pods/disruption-budget";
import { makeGateway, type Gateway } from "./gateways/gateway";
import { makeInnerServices } from "./network/inner-services";
import { KubernetesLeftovers } from "./guards/leftovers";
import { LastLeader } from "./members/last-leader";
import { makeMembers, type RunningMember } from "./members/members";
import { selectorOf } from "./context/metadata";
import { madeOf } from "./members/member-set";
import { makeAddedServicePolicy, makeGatewayPolicy, makeMemberPolicy } from "./network/network-policies";
import { createMonitoringSecret } from "./access/monitoring";
import { ObjectMarker } from "./context/object-marker";
import { Preflight } from "./guards/preflight";
import { endpointOf, makeService } from "./network/services";
import { SameKubernetes } from "./guards/same-kubernetes";
import { makeServiceInstance } from "./supporting-service/service-instance";
import { PatroniStore } from "./members/store";
import { createOtherUnit, unitSelector } from "./others/other-unit";
import type { DeferredOutputs } from "../deferred-values";

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
  const { model } = plan;
  const marker = new ObjectMarker(model.name, { context: spec.kubernetes?.reach?.context, kubeconfig }, opts);
  const { acceptDataLoss } = spec;
  const its = {
    ...{ model, spec: spec.kubernetes ?? {}, images, marker },
    ...{ deletionProtection, acceptDataLoss, kubeconfig, validityDays },
  };
  const given = spec.kubernetes?.namespace;
  const inspect = (namespace: pulumi.Output<string>, before: pulumi.Resource[]): pulumi.Resource => {
    const there = { ...its, namespace };
    const preflight = new Preflight(there, plan, { ...opts, dependsOn: before });
    return new ClusterIdentity(plan.model, spec, locationArgs(there), { ...opts, dependsOn: [preflight] });
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
    readPassword: (password, after) => readPassword(context, password, after),
    createBindingSecret: (secret, its) => createBindingSecret(secret, context, its).metadata.name,
    ...brought(context, ground),
    attach: (deferred) => attach(context, args, deferred, { ...opts, dependsOn: ground }),
  };
}

/** What a person brings instead of what a cluster makes for itself. */
function brought(context: KubernetesContext, ground: pulumi.Resource[]): Pick<Platform, "certificates" | "passwords"> {
  const { certificates, passwordSecret } = context.spec;
  return {
    ...(passwordSecret === undefined
      ? {}
      : { passwords: (random) => broughtPasswords(context, passwordSecret, random) }),
    ...(certificates === undefined
      ? {}
      : { certificates: (plan, opts) => broughtCertificates(context, plan, { ...opts, dependsOn: ground }) }),
  };
}

function attach(
  context: KubernetesContext,
  { plan, spec }: KubernetesArgs,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): AttachedCluster {
  const { model } = plan;
  // Before the gateways: what DNS once said is not there, its caches repeat for half a minute.
  const inner = makeInnerServices(context, opts);
  const gateway = gatewayOf(context, plan, deferred, { ...opts, dependsOn: inner });
  // One that is being replaced would end the clients that it holds while the primary moves.
  const placement = new PrimaryPlacement(plan, placementOf(context, plan), { ...opts, dependsOn: [gateway.ready] });
  const ground = [
    // Takes the rights of members that leave: without them they say nothing of themselves, not even that they follow another.
    ...makeAccess(context, { ...opts, dependsOn: [placement] }),
    makeDisruptionBudget(context, names.members(model.name), "member", selectorOf(context, "member"), opts),
    ...makeMemberPolicy(context, plan.model.services, memberClients(context, plan), opts),
  ];
  createMonitoringSecret(context, deferred, opts);
  const store = new PatroniStore(context, opts);
  const members = makeMembers(context, plan, deferred, opts, { store, first: [placement, ...ground] });
  const endpoints = model.services.map((service) => {
    const made = makeService(context, service, names.gateway(model.name), { ...opts, dependsOn: [gateway.ready] });
    return endpointOf(context, service, made);
  });
  const afterMembers = { ...opts, dependsOn: members.map((m) => m.ready) };
  new LastLeader(context, first(members).member, afterMembers);
  const location = { ...locationArgs(context), acceptDataLoss: spec.acceptDataLoss };
  const state = new PatroniState(model, plan.dynamicConfig, memberContainers(context), location, afterMembers);
  new CertificateOrigin(context, { ...opts, dependsOn: [state] });
  const others = plan.others.map((unit) => createOtherUnit(context, unit, deferred, { ...opts, dependsOn: [state] }));
  const readyResources = [
    ...[state, gateway.ready, ...gateway.files],
    ...others.flatMap(({ deployment, files }) => [deployment, ...files]),
  ];
  return {
    ready: pulumi.all([...readyResources, ...members.flatMap((m) => m.files)].map((resource) => resource.urn)),
    readyResources,
    data: claimOfFirst(context, members),
    endpoints: pulumi.all(endpoints),
    adminRoute: (service) => adminRoute(context, service),
    internalHost: (service) => serviceHost(context, service.fullName),
    internalPort: (service) => service.port,
    addService: (added, addedValues, itsOpts) => addService(context, added, addedValues, itsOpts),
    addInstance: (planned, { files }, itsOpts) => makeServiceInstance(context, planned, files, itsOpts),
  };
}

const memberContainers = ({ model }: KubernetesContext): string[] =>
  model.members.map((member) => memberContainer(model, member.name));

function placementOf(context: KubernetesContext, plan: ClusterPlan) {
  return {
    ...locationArgs(context),
    // Where a command runs, and whom Patroni knows.
    members: context.model.members
      .filter((member) => member.electable)
      .map((member) => ({ name: member.patroniName, container: memberContainer(context.model, member.name) })),
    madeOf: madeOf(context, first(plan.members).patroni),
  };
}

/** Selectors of other units that connect to members. */
const memberClients = (context: KubernetesContext, { others }: ClusterPlan) =>
  others
    .filter(({ containers }) =>
      containers.some(({ networks }) => networks.some(({ network }) => network === "members")),
    )
    .map((unit) => unitSelector(context, unit));

/** The claim of the first member by number, which goes only with the cluster. */
const claimOfFirst = ({ model }: KubernetesContext, members: RunningMember[]): pulumi.Resource =>
  first(members.filter(({ member }) => member === model.members[0])).claim;

function gatewayOf(
  context: KubernetesContext,
  plan: ClusterPlan,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): Gateway {
  const unit = first(plan.gateways);
  makeGatewayPolicy(context, unit.name, plan.model.services, opts);
  return makeGateway(context, unit, deferred, opts);
}

/** Pods of its own: no other pod is touched. */
function addService(
  context: KubernetesContext,
  added: ServicePlan,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): AddedService {
  const { service } = added;
  const { name } = added.gateway;
  makeGatewayPolicy(context, name, [service], opts);
  makeAddedServicePolicy(context, name, service, opts);
  const gateway = makeGateway(context, added.gateway, deferred, opts);
  const made = makeService(context, service, name, { ...opts, dependsOn: [gateway.ready] });
  return {
    endpoint: endpointOf(context, service, made),
    running: pulumi.all([gateway.ready, made, ...gateway.files].map((resource) => resource.urn)),
  };
}
