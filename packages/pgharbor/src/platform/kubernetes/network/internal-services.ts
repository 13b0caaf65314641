import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { aliases, names, ports, type PlannedUnit } from "@pgharbor/core";
import type { KubernetesContext } from "../context/context";
import { PRIMARY_POOLERS } from "../gateways/gateway";
import { memberLabels, memberSelector } from "../members/member-set";
import { unitLabels, unitSelector } from "../context/unit-labels";
import { labelsOf, metadataOf, selectorOf, type Labels } from "../context/metadata";

interface InternalService {
  name: string;
  labels: Labels;
  /** Selector of the pods, including those that are not ready. */
  selector: Labels;
  ports: { name: string; port: number }[];
  /** A headless Service resolves to the addresses of its pods. */
  headless: boolean;
}

const MEMBER = [
  { name: "postgres", port: ports.postgres },
  { name: "patroni", port: ports.patroni },
  { name: "pgbackrest", port: ports.pgbackrest },
];

/** Creates the Services through which the cluster's pods find each other. */
export function createInternalServices(
  context: KubernetesContext,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { name: cluster, members } = context.model;
  const gateways = { labels: labelsOf(context, "gateway"), headless: true };
  const list: InternalService[] = [
    // Gives pods their host names.
    {
      name: names.members(cluster),
      labels: labelsOf(context, "member"),
      selector: selectorOf(context, "member"),
      ports: MEMBER,
      headless: true,
    },
    // Gateways and members connect to members by an address that does not change with the pod.
    ...members.map(({ name: member }) => ({
      name: names.member(cluster, member),
      labels: memberLabels(context, member),
      selector: memberSelector(context, member),
      ports: MEMBER,
      headless: false,
    })),
    // Patroni's hooks find the poolers to pause, and the HAProxy to query.
    {
      ...gateways,
      name: aliases.poolers(cluster),
      selector: { ...selectorOf(context, "gateway"), ...PRIMARY_POOLERS },
      ports: [{ name: "pgbouncer", port: ports.pgbouncer }],
    },
    {
      ...gateways,
      name: aliases.haproxy(cluster),
      selector: selectorOf(context, "gateway"),
      ports: [{ name: "hooks", port: ports.primaryCheck }],
    },
  ];
  return list.map((one) => createInternalService(context, one, opts));
}

/** Creates the Service through which members find a repository for backups. */
export const createRepositoryService = (
  context: KubernetesContext,
  unit: PlannedUnit,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service =>
  createInternalService(
    context,
    {
      name: unit.name,
      labels: unitLabels(context, unit),
      selector: unitSelector(context, unit),
      ports: [{ name: "pgbackrest", port: ports.pgbackrest }],
      // DNS caches keep the address of a headless Service's former pod.
      headless: false,
    },
    opts,
  );

const createInternalService = (
  context: KubernetesContext,
  one: InternalService,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service =>
  new k8s.core.v1.Service(
    one.name,
    {
      metadata: metadataOf(context, one.name, one.labels),
      spec: {
        ...(one.headless ? { clusterIP: "None" } : { type: "ClusterIP" }),
        publishNotReadyAddresses: true,
        selector: one.selector,
        ports: one.ports.map(({ name, port }) => ({ name, port, targetPort: port })),
      },
    },
    context.marker.withCleanupHooks(opts),
  );
