import { systemUsers } from "../../names";
import { hbaTitle, postgresRules, privateNetworks } from "../../model/hba";
import type { ClusterModel } from "../../model/types";
import { HbaAuth, type HbaRuleSpec, type MemberRole } from "../../spec";
import { BASELINE_ROLE } from "./post-init-sql";
import { hbaLine, type HbaLine } from "./hba-line";

interface HbaBlock {
  order: number;
  title: string;
  lines: HbaLine[];
}

/** The program's rules stay between the cluster's own: none comes before the one that refuses the superuser. */
const FIRST_ORDER = 100;
const LAST_ORDER = 999;
const DEFAULT_ORDER = 500;

/**
 * The lines of pg_hba.conf. The first matching line decides; without a match a client is refused. Rules by address are not here, because
 * every client has HAProxy's address. Without `role`: the lines of members without separate rules.
 */
export function renderPgHba(model: ClusterModel, role?: MemberRole): string[] {
  const own = postgresRules(model.hba)
    .filter((rule) => rule.role === undefined || rule.role === role)
    .map(block);
  return [...firstBlocks(model), ...own, ...lastBlocks(model)]
    .map((one, index) => ({ ...one, index }))
    .sort((a, b) => a.order - b.order || a.index - b.index)
    .flatMap((one) => [`# ${one.title}`, ...one.lines.map(hbaLine)]);
}

/** Before the program's rules. */
function firstBlocks(model: ClusterModel): HbaBlock[] {
  const { superuser, replication, rewind, poolerAuth, check, admin } = systemUsers;
  const fromCluster = (database: string, ...users: string[]): HbaLine[] =>
    clusterAddresses(model).map((address) => overTls([database], users, address));
  return [
    {
      order: 0,
      title: "Patroni and a person inside the container; the superuser from nowhere else",
      lines: [
        { type: "local", databases: ["all"], users: [superuser], method: "peer" },
        { type: "local", databases: ["replication"], users: [replication], method: "scram-sha-256" },
        refused(superuser),
      ],
    },
    {
      order: 1,
      title: "members replicate from each other, and rewind an old primary",
      lines: [...fromCluster("replication", replication), ...fromCluster("postgres", rewind)],
    },
    {
      order: 2,
      title: "poolers look up passwords; hooks ask for the primary",
      lines: fromCluster("postgres", poolerAuth, check),
    },
    {
      order: 3,
      title: "users and databases are managed from outside, through HAProxy",
      lines: fromCluster("all", admin, `+${BASELINE_ROLE}`),
    },
    {
      order: 99,
      title: "the cluster's own users do nothing else",
      lines: [refused(replication, rewind, poolerAuth, check, admin)],
    },
  ];
}

/** After the program's rules. */
const lastBlocks = (model: ClusterModel): HbaBlock[] => [
  {
    order: 1000,
    title: "everyone else through the cluster's gateways",
    lines: [
      { type: "local", databases: ["all"], users: ["all"], method: "scram-sha-256" },
      ...clusterAddresses(model).map((address) => overTls(["all"], ["all"], address)),
    ],
  },
];

const overTls = (databases: string[], users: string[], address: string): HbaLine => ({
  type: "hostssl",
  databases,
  users,
  address,
  method: "scram-sha-256",
});

const refused = (...users: string[]): HbaLine => ({
  type: "host",
  databases: ["all", "replication"],
  users,
  address: "all",
  method: "reject",
});

/** Docker's network is the container's own subnet. Pods have one subnet for each node, so on Kubernetes it is the private networks. */
const clusterAddresses = (model: ClusterModel): string[] =>
  model.platform === "docker" ? ["samenet"] : ["samenet", ...privateNetworks, "100.64.0.0/10", ...model.podCidrs];

function block(rule: HbaRuleSpec): HbaBlock {
  const order = Math.min(LAST_ORDER, Math.max(FIRST_ORDER, rule.order ?? DEFAULT_ORDER));
  return { order, title: hbaTitle(rule), lines: [line(rule)] };
}

const line = ({ user, db, auth }: HbaRuleSpec): HbaLine => ({
  databases: [db],
  users: [user],
  address: "all",
  ...method(auth ?? HbaAuth.Ssl),
});

function method(auth: HbaAuth): Pick<HbaLine, "type" | "method"> {
  switch (auth) {
    case HbaAuth.Deny:
      return { type: "host", method: "reject" };
    case HbaAuth.Ssl:
      return { type: "hostssl", method: "scram-sha-256" };
    case HbaAuth.Certificate:
      return { type: "hostssl", method: "cert" };
  }
}
