import { Config } from "@pulumi/pulumi";
import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";

const config = new Config();
// `pulumi config set platform kubernetes`: the namespace of the kubernetes provider. Nothing else differs.
const platform = config.get("platform") === "kubernetes" ? { kubernetes: {} } : { docker: {} };

// deletionProtection is off because this is a trial: leave it on where the data matters.
const cluster = new PostgresCluster("shop", {
  ...platform,
  postgresVersion: "17",
  members: 3,
  // `pulumi config set --path images.postgres registry.example/pgharbor/postgres:17-…`, and `images.gateway`.
  images: config.getObject("images"),
  deletionProtection: false,
});
const owner = new PgUser("shop-owner", { target: cluster, username: "shop_owner" });
const database = new PgDatabase("shop", { target: cluster, owner: owner.username });

// The client finds the cluster's CA certificate here: `pulumi stack output caCertificate > ca.crt`.
const sslRootCert = `${__dirname}/ca.crt`;
const primary = new ServiceBinding("shop-api", { user: owner, database, service: "primary", sslRootCert });
const replica = new ServiceBinding("shop-reports", { user: owner, database, service: "replica", sslRootCert });

export const services = cluster.services;
export const caCertificate = cluster.caCertificate;
export const uri = primary.uri;
export const readOnlyUri = replica.uri;
export const psql = primary.psql;
