import { isIP } from "node:net";
import type { ResolvedMember, PlatformName } from "../../model/types";
import { ports } from "../../ports";
import { selectServers } from "../../model/select-servers";
import type { ServiceSpec } from "../../spec";
import { checkCheckPath } from "./check-path";
import { checkServerOptions } from "./haproxy-options";
import { directPortRows, ONLY_ON_KUBERNETES } from "../kubernetes/services";
import { DNS_LABEL, isDnsLabel, LONGEST_NAME, portOf } from "../shared/patterns";
import { checkPoolNames } from "./pool";
import { problemsOf, show, under, type Problem, type Row } from "../../errors";
import type { Read } from "../../read/read";
import { checkSelector } from "./selector";

/** Facts of the cluster for checks of one service. */
export interface ServiceContext {
  members: ResolvedMember[];
  /** Absent if it is not known. */
  platform?: PlatformName;
  /** The longest name of the service's containers. */
  longestContainer: string;
}

/** Names of the cluster's own containers and aliases, which start with `<cluster>-` as services do. */
const reservedName = /^(m\d+|(etcd|haproxy|poolers?|sockets)(-.*)?|.*-(haproxy|pooler|sockets))$/;

/** Additional names on Kubernetes, including supporting services'. A test compares them with the created objects. */
const reservedOnKubernetes = /^(members|gateway|monitoring|.*-(gateway|local))$/;

/** Checks of one service alone, merged over the default service of that name. */
export function checkServiceFields(at: string, service: Read<ServiceSpec>, context: ServiceContext): Problem[] {
  return [
    ...problemsOf([
      ...nameRows(at, service, context),
      ...platformRows(at, service, context),
      ...targetRows(at, service),
      ...checkRows(at, service),
    ]),
    ...(service.checkPath === undefined
      ? []
      : checkCheckPath(under(at, "checkPath"), service.checkPath, service.checkPort)),
    ...checkSelectors(at, service, context.members),
    ...checkPoolNames(under(at, "pool"), service.pool),
    ...(service.haproxy?.defaultServerOptions === undefined
      ? []
      : checkServerOptions(under(under(at, "haproxy"), "defaultServerOptions"), service.haproxy.defaultServerOptions)),
  ];
}

function nameRows(at: string, { name }: Read<ServiceSpec>, { longestContainer, platform }: ServiceContext): Row[] {
  if (name === undefined) return [];
  const path = under(at, "name");
  const over = longestContainer.length - LONGEST_NAME;
  return [
    { when: !isDnsLabel(name), path, message: `${DNS_LABEL}, got ${show(name)}` },
    {
      when: isDnsLabel(name) && over > 0,
      path,
      message: `makes the container name ${show(longestContainer)}, which has ${longestContainer.length} characters; shorten it by ${over} to ${LONGEST_NAME}`,
    },
    {
      when: isDnsLabel(name) && reservedName.test(name),
      path,
      message: `is reserved for the cluster's containers, got ${show(name)}; choose another`,
    },
    {
      when: platform === "kubernetes" && !reservedName.test(name) && reservedOnKubernetes.test(name),
      path,
      message: `is reserved for the cluster's objects on Kubernetes, got ${show(name)}; choose another`,
    },
  ];
}

/** Fields that exist on one platform only. */
function platformRows(at: string, service: Read<ServiceSpec>, { platform }: ServiceContext): Row[] {
  const { bindAddress } = service;
  const onKubernetes = platform === "kubernetes";
  return [
    {
      when: platform === "docker" && service.kubernetes !== undefined,
      path: under(at, "kubernetes"),
      message: ONLY_ON_KUBERNETES,
    },
    {
      when: onKubernetes && bindAddress !== undefined,
      path: under(at, "bindAddress"),
      message: `applies only on Docker, got ${show(bindAddress)}; on Kubernetes use kubernetes.type and kubernetes.sourceRanges of the service`,
    },
    {
      when: !onKubernetes && bindAddress === "vip",
      path: under(at, "bindAddress"),
      message: '"vip" needs a virtual IP address, and none is managed; use "*" or an IP address of the host',
    },
    {
      when:
        !onKubernetes && bindAddress !== undefined && !["*", "vip"].includes(bindAddress) && isIP(bindAddress) === 0,
      path: under(at, "bindAddress"),
      message: `must be "*" or an IP address of the host, got ${show(bindAddress)}`,
    },
    ...(onKubernetes ? directPortRows(at, service) : []),
  ];
}

function targetRows(at: string, service: Read<ServiceSpec>): Row[] {
  const { destination } = service;
  return [
    {
      when: isPoolerPort(destination),
      path: under(at, "destination"),
      message: `no PgBouncer runs on a member, got ${show(destination)}: it runs in the gateway; use "pgbouncer"`,
    },
    {
      when: destination !== undefined && !["postgres", "pgbouncer"].includes(destination) && isNaN(portOf(destination)),
      path: under(at, "destination"),
      message: `must be "postgres", "pgbouncer" or a port from 1 to 65535 in quotes, got ${show(destination)}`,
    },
    {
      when: service.pool !== undefined && destination !== undefined && destination !== "pgbouncer",
      path: under(at, "pool"),
      message: `has no effect with destination ${show(destination)}; use destination "pgbouncer" or leave it out`,
    },
  ];
}

const isPoolerPort = (destination: string | undefined): boolean => destination === `${ports.pgbouncer}`;

function checkRows(at: string, { checkMethod, checkPort }: Read<ServiceSpec>): Row[] {
  const exporter = checkPort === "pg_exporter" || checkPort === `${ports.pgExporter}`;
  const known = checkPort === undefined || checkPort === "patroni" || exporter;
  return [
    {
      when: checkMethod !== undefined && checkMethod !== "http",
      path: under(at, "checkMethod"),
      message: `must be "http", got ${show(checkMethod)}`,
    },
    {
      when: exporter,
      path: under(at, "checkPort"),
      message: `no pg_exporter runs on the members yet, so every check would fail, got ${show(checkPort)}; use "patroni"`,
    },
    {
      when: !known && isNaN(portOf(checkPort ?? "")),
      path: under(at, "checkPort"),
      message: `must be "patroni" or a port from 1 to 65535 in quotes, got ${show(checkPort)}`,
    },
  ];
}

function checkSelectors(at: string, service: Read<ServiceSpec>, members: ResolvedMember[]): Problem[] {
  const { selector = "[]", selectorBackup } = service;
  const problems = [
    ...checkSelector(under(at, "selector"), selector, members),
    ...(selectorBackup === undefined ? [] : checkSelector(under(at, "selectorBackup"), selectorBackup, members)),
  ];
  if (problems.length > 0 || selectServers(members, selector, selectorBackup).length > 0) return problems;
  const none = selectorBackup === undefined ? "and there is no selectorBackup" : "nor does selectorBackup";
  return [
    {
      path: under(at, "selector"),
      message: `selects none of the ${members.length} members, got ${show(selector)}, ${none}; change it or memberSettings`,
    },
  ];
}
