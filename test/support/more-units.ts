import { labels, labelKeys, planUnits, type ClusterPlan, type MemberUnit, type PlannedContainer } from "@pgharbor/core";

/**
 * Units that no argument creates yet: a container beside each member, and a unit that is neither a member nor a
 * gateway.
 */
export function withMoreUnits(plan: ClusterPlan): ClusterPlan {
  const { model, store, backups, gateways } = plan;
  const members = plan.members.map((unit) => ({ ...unit, containers: [...unit.containers, exporterOf(unit)] }));
  const name = `${model.name}-backup`;
  const others = [{ name, host: "local", containers: [backup(name, labels(model.name, "backup", model.labels))] }];
  return { ...plan, ...planUnits(model, { store, backups, members, gateways, others }) };
}

/** Shares the member's networks and data. */
const exporterOf = ({ name, patroni }: MemberUnit): PlannedContainer => ({
  ...common("exporter", patroni.labels),
  name: `${name}-exporter`,
  identity: { authority: "checks", role: "client" },
  networks: patroni.networks,
  volumes: patroni.volumes,
});

const backup = (name: string, own: Record<string, string>): PlannedContainer => ({
  ...common("backup", own),
  name,
  identity: { authority: "members", role: "client" },
  networks: [{ network: "members", aliases: [] }],
  volumes: [{ volume: `${name}-spool`, path: "/var/spool/backup", data: false }],
});

const common = (program: string, own: Record<string, string>) => ({
  program,
  image: "postgres" as const,
  uid: 110,
  gid: 111,
  files: [
    { path: `${program}.yml`, mode: 0o644, sensitive: false, deferred: false, content: () => `program: ${program}\n` },
  ],
  ports: [],
  labels: { ...own, [labelKeys.role]: program },
  stopTimeout: 20,
});
