import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { ExternalPostgres, PgDatabase, PgUser, ServiceBinding } from "pgharbor";

const config = new pulumi.Config();

// The admin may create roles and databases; the workload's user is confined to its own database.
const server = new ExternalPostgres("server", {
  url: config.require("url"),
  password: config.requireSecret("adminPassword"),
  caCertificate: readFileSync(config.require("caFile"), "utf8"),
});
const owner = new PgUser("todo-owner", { target: server, username: "todo_owner" });
const database = new PgDatabase("todo", { target: server, owner: owner.username });
const binding = new ServiceBinding("bind-todo", { user: owner, database, sslRootCert: config.require("caFile") });

export const env = binding.env; // POSTGRES_URI, SERVER_PRIMARY_URI, BIND_TODO_URI, DB_USER, … secret
