import { HaMode, HbaAuth, MemberRole, PgService, PostgresCluster, PublishMode, TuningProfile } from "pgharbor";

// Four members: m3 serves analytics only, m4 is an hour behind. Free ports, so that it runs beside other clusters.
const cluster = new PostgresCluster("books", {
  docker: { publish: PublishMode.Auto, etcdMembers: 3 },
  members: 4,
  memberSettings: {
    m3: { role: MemberRole.Offline },
    m4: { role: MemberRole.Delayed, applyDelay: "1h" },
  },
  ha: HaMode.Fast,
  tuning: TuningProfile.Oltp,
  parameters: { log_min_duration_statement: "500" },
  // Analysts sit in a network of their own and may only read what the offline service shows.
  hba: [
    { title: "analysts", user: "all", db: "all", addr: "10.20.0.0/16", services: ["offline"] },
    { title: "nobody else there", user: "all", db: "all", addr: "world", services: ["offline"], auth: HbaAuth.Deny },
  ],
  deletionProtection: false,
});

// Reads that a commit has waited for.
const standby = new PgService("standby", {
  cluster,
  port: 5435,
  destination: "postgres",
  checkPath: "/read-only-quorum",
  selector: "[? pg_role == `replica`]",
  selectorBackup: "[? pg_role == `primary`]",
});

// Yesterday's mistakes, an hour long.
const delayed = new PgService("delayed", {
  cluster,
  port: 5437,
  destination: "postgres",
  checkPath: "/health",
  selector: "[? pg_role == `delayed`]",
});

export const services = cluster.services;
export const standbyPort = standby.endpoint.port;
export const delayedPort = delayed.endpoint.port;
