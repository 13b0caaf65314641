import * as pulumi from "@pulumi/pulumi";
import { first, names, type ClusterPlan, type ClusterSpec, type ServicePlan } from "@pgharbor/core";
import { ClusterIdentity } from "../cluster-identity";
import { PatroniState } from "../patroni-state";
import type { AddedService, ClusterResources, Images, Platform } from "../platform";
import { PrimaryPlacement } from "../primary-placement";
import { createAccess, createServiceAccount } from "./access/access";
import { adminRoute } from "./network/admin-route";
import { createExternalCertificates } from "./external/certificates";
import { createBindingSecret } from "./external/binding-secret";
import { readExternalPasswords } from "./external/passwords";
import { readPassword } from "./external/password-in-secret";
import { CertificateOrigin } from "./guards/certificate-origin";
import { memberContainer, locationArgs, serviceHost, type KubernetesContext } from "./context/context";
import { createDisruptionBudget } from "./pods/disruption-budget";
import { createGateway, type Gateway } from "./gateways/gateway";
import { createInternalServices } from "./network/internal-services";
import { KubernetesLeftovers } from "./guards/leftovers";
import { LastLeader } from "./members/last-leader";
import { createMembers, type RunningMember } from "./members/members";
import { selectorOf } from "./context/metadata";
import { memberTemplate } from "./members/member-set";
import { createAddedServicePolicy, createGatewayPolicy, createMemberPolicy } from "./network/network-policies";
import { createMonitoringSecret } from "./access/monitoring";
import { ObjectMarker } from "./context/object-marker";
import { Preflight } from "./guards/preflight";
import { endpointOf, createService } from "./network/services";
import { SameKubernetes } from "./guards/same-kubernetes";
import { createServiceInstance } from "./supporting-service/service-instance";
import { PatroniStore } from "./members/store";
import { createOtherUnit } from "./others/other-unit";
import { unitSelector } from "./context/unit-labels";
import { createBackups, createRepositories } from "./others/repositories";
import type { DeferredOutputs } from "../deferred-values";

/** Arguments of a cluster on Kubernetes. */
export interface KubernetesArgs {
  plan: ClusterPlan;
  spec: ClusterSpec;
  images: Images;
  deletionProtection: boolean;
  kubeconfig?: pulumi.Input<string>;
}

/**
 * Creates the checks of a cluster (preflight, then identity), its ServiceAccount and its leftovers, in this order. Without a given
 * namespace the ServiceAccount comes first, because only its output has the provider's namespace. Certificates need the namespace too.
 */
export function createKubernetesPlatform(args: KubernetesArgs, opts: pulumi.CustomResourceOptions): Platform {
  const { plan, spec, images, deletionProtection, kubeconfig } = args;
  const { validityDays } = spec.tls ?? {};
  const { model } = plan;
  const marker = new ObjectMarker(model.name, { context: spec.kubernetes?.connection?.context, kubeconfig }, opts);
  const { acceptDataLoss } = spec;
  const base = {
    ...{ model, spec: spec.kubernetes ?? {}, images, marker },
    ...{ deletionProtection, acceptDataLoss, kubeconfig, validityDays },
  };
  const given = spec.kubernetes?.namespace;
  const createChecks = (namespace: pulumi.Output<string>, before: pulumi.Resource[]): pulumi.Resource => {
    const located = { ...base, namespace };
    const preflight = new Preflight(located, plan, { ...opts, dependsOn: before });
    return new ClusterIdentity(plan.model, spec, locationArgs(located), { ...opts, dependsOn: [preflight] });
  };
  const checked = given === undefined ? [] : [createChecks(pulumi.output(given), [])];
  const account = createServiceAccount(base, { ...opts, dependsOn: checked });
  const namespace = account.metadata.namespace;
  const context: KubernetesContext = { ...base, namespace, account: account.metadata.uid };
  const sameKubernetes = new SameKubernetes(context, { ...opts, dependsOn: [account] });
  const leftovers = new KubernetesLeftovers(context, { ...opts, dependsOn: [account, sameKubernetes] });
  const prerequisites =
    given === undefined
      ? [leftovers, createChecks(namespace, [account, sameKubernetes])]
      : [account, sameKubernetes, leftovers];
  return {
    namespace,
    readPassword: (password, after) => readPassword(context, password, after),
    createBindingSecret: (secret, secretOpts) => createBindingSecret(secret, context, secretOpts).metadata.name,
    ...externalSources(context, prerequisites),
    createResources: (deferred) => createResources(context, args, deferred, { ...opts, dependsOn: prerequisites }),
  };
}

/** Certificates and passwords that the program supplies instead of the cluster's own. */
function externalSources(
  context: KubernetesContext,
  prerequisites: pulumi.Resource[],
): Pick<Platform, "createCertificates" | "readPasswords"> {
  const { certificates, passwordSecret } = context.spec;
  return {
    ...(passwordSecret === undefined
      ? {}
      : { readPasswords: (random) => readExternalPasswords(context, passwordSecret, random) }),
    ...(certificates === undefined
      ? {}
      : {
          createCertificates: (plan, opts) =>
            createExternalCertificates(context, plan, { ...opts, dependsOn: prerequisites }),
        }),
  };
}

/**
 * Creates all resources of a plan. `dependsOn` gives this order: internal Services, gateways, primary placement, access and policies,
 * store, members, the Services of clients, then Patroni's dynamic configuration.
 */
function createResources(
  context: KubernetesContext,
  { plan, spec }: KubernetesArgs,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): ClusterResources {
  const { model } = plan;
  // Before the gateways, because DNS caches keep a negative answer for half a minute.
  const internalServices = createInternalServices(context, opts);
  const gateway = createClusterGateway(context, plan, deferred, { ...opts, dependsOn: internalServices });
  // After the gateways, because a gateway that is being replaced would disconnect clients that wait for the new primary.
  const placement = new PrimaryPlacement(plan, placementOf(context, plan), { ...opts, dependsOn: [gateway.ready] });
  const beforeMembers = [
    // After the placement, because it removes the rights of removed members, which then cannot report that they follow a new primary.
    ...createAccess(context, { ...opts, dependsOn: [placement] }),
    createDisruptionBudget(context, names.members(model.name), "member", selectorOf(context, "member"), opts),
    ...createMemberPolicy(context, plan.model.services, memberClients(context, plan), opts),
  ];
  const repositories = createRepositories(context, plan, deferred, opts, internalServices);
  createMonitoringSecret(context, deferred, opts);
  const store = new PatroniStore(context, opts);
  const members = createMembers(context, plan, deferred, opts, {
    store,
    first: [placement, ...beforeMembers, ...repositories.flatMap(({ set, files }) => [set, ...files])],
  });
  const endpoints = model.services.map((service) => {
    const kubernetesService = createService(context, service, names.gateway(model.name), {
      ...opts,
      dependsOn: [gateway.ready],
    });
    return endpointOf(context, service, kubernetesService);
  });
  const afterMembers = { ...opts, dependsOn: members.map((m) => m.ready) };
  new LastLeader(context, first(members).member, afterMembers);
  const location = { ...locationArgs(context), acceptDataLoss: spec.acceptDataLoss };
  const state = new PatroniState(model, plan.dynamicConfig, memberContainers(context), location, afterMembers);
  const backups = createBackups(context, repositories, { ...opts, dependsOn: [state] });
  new CertificateOrigin(context, { ...opts, dependsOn: [state] });
  const others = plan.others.map((unit) => createOtherUnit(context, unit, deferred, opts, { after: [state] }));
  const readyResources = [
    ...[state, gateway.ready, ...gateway.files],
    ...others.flatMap(({ set, files }) => [set, ...files]),
  ];
  return {
    ready: pulumi.all([...readyResources, ...members.flatMap((m) => m.files)].map((resource) => resource.urn)),
    readyResources,
    backups: backups?.repositories,
    data: claimOfFirst(context, members),
    endpoints: pulumi.all(endpoints),
    adminRoute: (service) => adminRoute(context, service),
    internalHost: (service) => serviceHost(context, service.fullName),
    internalPort: (service) => service.port,
    addService: (added, addedValues, addedOpts) => addService(context, added, addedValues, addedOpts),
    addInstance: (planned, { files }, serviceOpts) => createServiceInstance(context, planned, files, serviceOpts),
  };
}

const memberContainers = ({ model }: KubernetesContext): string[] =>
  model.members.map((member) => memberContainer(model, member.name));

function placementOf(context: KubernetesContext, plan: ClusterPlan) {
  return {
    ...locationArgs(context),
    // Patroni's name of each member, and the container for commands.
    members: context.model.members
      .filter((member) => member.electable)
      .map((member) => ({ name: member.patroniName, container: memberContainer(context.model, member.name) })),
    memberTemplate: memberTemplate(context, first(plan.members).patroni),
  };
}

/** Selectors of other pods that connect to members, or to which they connect. */
const memberClients = (context: KubernetesContext, { others, backups }: ClusterPlan) => ({
  others: others
    .filter(({ containers }) =>
      containers.some(({ networks }) => networks.some(({ network }) => network === "members")),
    )
    .map((unit) => unitSelector(context, unit)),
  repositories: backups.map((unit) => unitSelector(context, unit)),
});

/** The claim of the first member by number, which is only deleted with the cluster. */
const claimOfFirst = ({ model }: KubernetesContext, members: RunningMember[]): pulumi.Resource =>
  first(members.filter(({ member }) => member === model.members[0])).claim;

function createClusterGateway(
  context: KubernetesContext,
  plan: ClusterPlan,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): Gateway {
  const unit = first(plan.gateways);
  createGatewayPolicy(context, unit.name, plan.model.services, opts);
  return createGateway(context, unit, deferred, opts);
}

/** Creates separate pods, so that no other pod is touched. */
function addService(
  context: KubernetesContext,
  added: ServicePlan,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): AddedService {
  const { service } = added;
  const { name } = added.gateway;
  createGatewayPolicy(context, name, [service], opts);
  createAddedServicePolicy(context, name, service, opts);
  const gateway = createGateway(context, added.gateway, deferred, opts);
  const kubernetesService = createService(context, service, name, { ...opts, dependsOn: [gateway.ready] });
  return {
    endpoint: endpointOf(context, service, kubernetesService),
    running: pulumi.all([gateway.ready, kubernetesService, ...gateway.files].map((resource) => resource.urn)),
  };
}
