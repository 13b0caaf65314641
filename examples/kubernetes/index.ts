import { Config } from "@pulumi/pulumi";
import {
  ExternalTrafficPolicy,
  KubernetesServiceType,
  PgDatabase,
  PgUser,
  PostgresCluster,
  ServiceBinding,
  Spread,
} from "pgharbor";

const config = new Config();

// In the namespace of the kubernetes provider: `pulumi config set kubernetes:namespace shop`.
const cluster = new PostgresCluster("shop", {
  kubernetes: {
    // Data outlives a destroy: a cluster of this name finds it again.
    storage: { storageClass: config.get("storageClass"), retainOnDelete: true },
    // Members on different nodes, or not at all: leave it out on a single node.
    scheduling: { spread: config.getBoolean("singleNode") ? Spread.None : Spread.Required },
    // Services are for the pods of one other namespace, for some of this one, and for whom a service names below.
    networkPolicy: {
      clients: [{ namespace: "api" }, { podLabels: { app: "reports" } }],
    },
    labels: { team: "shop" },
    // Its role in the cloud may use the bucket below. Elsewhere, give `backupCredentials`.
    backupServiceAccount: config.get("backupServiceAccount"),
  },
  backups: {
    repositories: {
      offsite: {
        s3: { bucket: config.get("bucket") ?? "shop-backups", region: config.get("region") ?? "eu-central-1" },
      },
    },
  },
  members: 3,
  // From your registry: `pulumi config set --path images.postgres …`, and `images.gateway`.
  images: config.getObject("images"),
  resources: { cpu: 1, memory: "1GB", disk: "20GB" },
  // How clients outside call the load balancer below: it stands in certificates and in connection strings, so lead it there.
  tls: { hostnames: [config.get("hostname") ?? "reports.example.com"] },
  // The default services stay inside of Kubernetes; this one has an address in the company's network.
  services: [
    {
      name: "reports",
      port: 5440,
      checkPath: "/read-only-quorum",
      selector: "[? pg_role == `replica`]",
      kubernetes: {
        type: KubernetesServiceType.LoadBalancer,
        sourceRanges: ["10.20.0.0/16"],
        // Or nodes would put their own address in place of the client's, which the policies above do not let in.
        externalTrafficPolicy: ExternalTrafficPolicy.Local,
      },
    },
  ],
});

const owner = new PgUser("shop-owner", { target: cluster, username: "shop_owner" });
const database = new PgDatabase("shop", { target: cluster, owner: owner.username });

// What a pod of the namespace mounts at /bindings/shop: nothing of it is in a program or an environment.
const binding = new ServiceBinding("shop-api", {
  user: owner,
  database,
  service: "primary",
  sslRootCert: "/bindings/shop/ca.crt",
  secret: { name: "shop-api-database" },
});

export const services = cluster.services;
export const secretName = binding.secretName;
