import { PgAccess, PgDatabase, PgUser, PostgresCluster, SupportingService } from "pgharbor";

// deletionProtection is off because this is a trial: leave it on where the data matters.
const cluster = new PostgresCluster("shop", { docker: {}, members: 3, deletionProtection: false });
const owner = new PgUser("shop-owner", { target: cluster, username: "shop_owner" });
const database = new PgDatabase("shop", {
  target: cluster,
  owner: owner.username,
  baseline: `
    create table public.orders (id int generated always as identity primary key, item text not null);
    insert into public.orders (item) values ('anchor'), ('rope');`,
});

// Agents log in as a user of their own, who may read one table and write nothing, whatever the MCP server allows.
const agent = new PgUser("shop-agent", {
  target: cluster,
  username: "shop_agent",
  parameters: { statement_timeout: "30s" },
});
const on = { role: "shop_agent", database: "shop" };
const access = new PgAccess(
  "shop-agent-access",
  {
    target: cluster,
    grants: {
      connect: { ...on, on: "database", privileges: ["CONNECT"] },
      readOrders: { ...on, on: "table", name: "orders", privileges: ["SELECT"] },
    },
  },
  { dependsOn: [agent, database] },
);

const mcp = new SupportingService(
  "mcp",
  {
    target: cluster,
    database: database.databaseName,
    connectAs: agent,
    serviceType: "mcp",
    hosts: ["local"],
    // Replicas answer: agents cannot slow the primary down.
    service: "replica",
    port: 0,
    memory: "256MB",
    config: { values: { max_rows: "1000" } },
  },
  { dependsOn: access },
);

export const instances = mcp.instances;
export const endpoint = mcp.instances.apply(([first]) => `http://127.0.0.1:${first?.port}/mcp`);
