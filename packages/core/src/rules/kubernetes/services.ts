import { isPooled } from "../../model/service-meaning";
import type { ClusterModel } from "../../model/types";
import { KubernetesServiceType, type ClusterSpec, type KubernetesServiceSpec, type ServiceSpec } from "../../spec";
import { checkCidrs } from "../shared/cidr";
import { checkOwnAnnotations } from "./names";
import { problemsOf, show, under, type Problem, type Row } from "../../errors";
import type { Read } from "../../read/read";

/** A gateway's pod has ports for this many poolers of one kind. */
const MOST_POOLERS = 16;
/** Ports reserved for the gateway itself, and those of Postgres and Patroni: a pod's containers share one address, unlike Docker's. */
const reservedPorts: readonly (readonly [number, number])[] = [
  [5432, 5432],
  [6432, 6432 + MOST_POOLERS - 1],
  [6532, 6532 + MOST_POOLERS - 1],
  [7000, 7033],
  [8008, 8008],
];
const reservedPortsText = reservedPorts.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");

/** The port on which a gateway's pod listens for a service without a pooler. A pooled service has its port only in its Service. */
export function directPortRows(at: string, service: Read<ServiceSpec>): Row[] {
  const { port, destination } = service;
  if (port === undefined || isPooled({ destination })) return [];
  return [
    {
      when: reservedPorts.some(([from, to]) => port >= from && port <= to),
      path: under(at, "port"),
      message: `is reserved for gateways on Kubernetes (${reservedPortsText}), got ${port}; choose another, or use destination "pgbouncer"`,
    },
    {
      when: port < 1024,
      path: under(at, "port"),
      message: `needs a privilege that pods do not have, got ${port}; use one from 1024 up, or destination "pgbouncer"`,
    },
  ];
}

export const ONLY_ON_KUBERNETES = "applies only on Kubernetes, and this cluster is on Docker; leave it out";

/** `type`: the cluster's type, for a service without its own; absent if it is not known. */
export function checkKubernetesService(
  at: string,
  service: Read<KubernetesServiceSpec>,
  type: KubernetesServiceType | undefined,
  beside: Record<string, string | undefined> = {},
): Problem[] {
  const { nodePort, annotations, sourceRanges, externalTrafficPolicy } = service;
  const effectiveType = service.type ?? type;
  const { ClusterIP, NodePort, LoadBalancer } = KubernetesServiceType;
  return [
    ...problemsOf([
      {
        when: nodePort !== undefined && effectiveType === ClusterIP,
        path: under(at, "nodePort"),
        message: `has no effect with type "${ClusterIP}", got ${nodePort}; use type "${NodePort}" or "${LoadBalancer}", or leave it out`,
      },
      {
        when: externalTrafficPolicy !== undefined && effectiveType === ClusterIP,
        path: under(at, "externalTrafficPolicy"),
        message: `has no effect with type "${ClusterIP}"; use type "${NodePort}" or "${LoadBalancer}", or leave it out`,
      },
      {
        when: sourceRanges !== undefined && effectiveType !== undefined && effectiveType !== LoadBalancer,
        path: under(at, "sourceRanges"),
        message: `has no effect with type ${show(effectiveType)}; use type "${LoadBalancer}", or kubernetes.networkPolicy.clients of the cluster`,
      },
    ]),
    ...checkOwnAnnotations(under(at, "annotations"), annotations, beside),
    ...checkCidrs(under(at, "sourceRanges"), sourceRanges, "a load balancer takes that for everyone"),
  ];
}

/** Conflicts between services on Kubernetes, and their maximum number. */
export function checkServicesTogether(spec: Read<ClusterSpec>, { services }: ClusterModel): Problem[] {
  const own = spec.services ?? [];
  const nodePorts = own.map((service) => service?.kubernetes?.nodePort);
  const twice = nodePorts.flatMap((nodePort, i): Problem[] => {
    const first = nodePorts.indexOf(nodePort);
    if (nodePort === undefined || first === i) return [];
    const path = `services[${i}].kubernetes.nodePort`;
    return [{ path, message: `is taken by services[${first}], got ${nodePort}; choose another` }];
  });
  const pooled = services.filter(({ pool }) => pool !== undefined);
  const primary = pooled.filter(({ followsPrimary }) => followsPrimary).length;
  const tooMany = [
    { count: primary, what: "follow the primary" },
    { count: pooled.length - primary, what: "do not follow the primary" },
  ].map(({ count, what }) => ({
    when: count > MOST_POOLERS,
    path: "services",
    message: `must have at most ${MOST_POOLERS} with a pooler that ${what}, because they share a pod's ports on Kubernetes, got ${count}; use destination "postgres" for some, or a PgService`,
  }));
  return [...twice, ...problemsOf(tooMany)];
}
