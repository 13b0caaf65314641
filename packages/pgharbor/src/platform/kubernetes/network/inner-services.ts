import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { aliases, memberPorts, names, ports } from "@pgharbor/core";
import type { KubernetesContext } from "../context/context";
import { PRIMARY_POOLERS } from "../gateways/gateway";
import { memberLabels, memberSelector } from "../members/member-set";
import { labelsOf, metadataOf, selectorOf, type Labels } from "../context/metadata";

interface InnerService {
  name: string;
  labels: Labels;
  /** Of its pods, also of those that are not ready. */
  selector: Labels;
  ports: { name: string; port: number }[];
  /** Has no address of its own: its name leads to those of the pods. */
  headless: boolean;
}

const MEMBER = memberPorts.map((port) => ({ name: port === ports.postgres ? "postgres" : "patroni", port }));

/** What the cluster's own pods find each other by. */
export function makeInnerServices(context: KubernetesContext, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const { name: cluster, members } = context.model;
  const gateways = { labels: labelsOf(context, "gateway"), headless: true };
  const list: InnerService[] = [
    // The names of pods.
    {
      name: names.members(cluster),
      labels: labelsOf(context, "member"),
      selector: selectorOf(context, "member"),
      ports: MEMBER,
      headless: true,
    },
    // Gateways and members find members, by an address that outlives a pod.
    ...members.map(({ name: member }) => ({
      name: names.member(cluster, member),
      labels: memberLabels(context, member),
      selector: memberSelector(context, member),
      ports: MEMBER,
      headless: false,
    })),
    // Patroni's hooks find the poolers to pause, and the HAProxy to ask.
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
  return list.map((one) => make(context, one, opts));
}

const make = (context: KubernetesContext, one: InnerService, opts: pulumi.CustomResourceOptions): k8s.core.v1.Service =>
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
    context.marker.named(opts),
  );
