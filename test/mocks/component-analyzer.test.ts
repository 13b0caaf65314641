import { readFileSync } from "node:fs";
import * as path from "node:path";
import { Analyzer, type AnalyzeResult } from "@pulumi/pulumi/provider/experimental/analyzer";

jest.setTimeout(120_000);

/** Every exported component with all its outputs and its required inputs. */
const components: Record<string, { inputs: string[]; outputs: string[] }> = {
  PostgresCluster: {
    inputs: [
      "docker",
      "kubernetes",
      "members",
      "memberSettings",
      "services",
      "hba",
      "ha",
      "sync",
      "tuning",
      "deletionProtection",
      "kubeconfig",
    ],
    outputs: [
      "targetName",
      "services",
      "endpoints",
      "caCertificate",
      "adminConnection",
      "backupPassphrase",
      "backups",
      "kubeconfig",
      "status",
      "version",
    ],
  },
  PgService: {
    inputs: ["cluster", "port", "destination", "selector", "haproxy", "pool", "kubernetes"],
    outputs: ["endpoint"],
  },
  PgUser: {
    inputs: ["target", "username", "password", "passwordSecret", "roles", "parameters"],
    outputs: ["username", "password", "targetName", "services", "caCertificate"],
  },
  PgDatabase: {
    inputs: ["target", "databaseName", "owner", "schemas", "extensions"],
    outputs: ["databaseName", "targetName", "services"],
  },
  PgAccess: {
    inputs: ["target", "users", "passwords", "databases", "grants", "defaultPrivileges"],
    outputs: ["passwords", "targetName", "services"],
  },
  ExternalPostgres: {
    inputs: ["url", "password", "caCertificate"],
    outputs: ["targetName", "adminConnection", "services", "caCertificate"],
  },
  ServiceBinding: {
    inputs: ["user", "database", "service", "bindingName", "sslRootCert", "internal", "secret"],
    outputs: ["uri", "jdbcUri", "psql", "env", "caCertificate", "secretName"],
  },
  SupportingService: {
    inputs: [
      "target",
      "database",
      "connectAs",
      "serviceType",
      "hosts",
      "config",
      "healthcheck",
      "targetSessionAttrs",
      "kubernetes",
    ],
    outputs: ["instances"],
  },
};

// Pulumi reads a package's types in this way when a program in another language uses the package.
let found: AnalyzeResult;
beforeAll(() => {
  const folder = path.resolve(__dirname, "../../packages/pgharbor");
  const packageJson = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Record<string, unknown>;
  found = new Analyzer(folder, "pgharbor", packageJson, new Set(exportedComponents())).analyze();
});

function exportedComponents(): string[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const exported = require("../../packages/pgharbor/src") as Record<string, unknown>;
  return Object.keys(exported).filter((name) => typeof exported[name] === "function" && /^[A-Z]/.test(name));
}

test("the table names every exported component", () => {
  expect(Object.keys(components).sort()).toEqual(exportedComponents().sort());
});

test.each(Object.keys(components))("%s is accepted, with its properties", (name) => {
  const { inputs, outputs } = components[name];
  expect(Object.keys(found.components[name].inputs)).toEqual(expect.arrayContaining(inputs));
  expect(Object.keys(found.components[name].outputs).sort()).toEqual([...outputs].sort());
});

test("no property has the type any", () => {
  const names = Object.keys(found.typeDefinitions);
  expect(names).toEqual(
    expect.arrayContaining(["DockerSpec", "ServiceSpec", "HaMode", "GrantKind", "ServiceInstance"]),
  );
  const anything = JSON.stringify(found).match(/pulumi\.json#\/Any/g) ?? [];
  expect(anything).toEqual([]);
});

test("enums keep their values", () => {
  const values = (name: string) => found.typeDefinitions[name]?.enum?.map((member) => member.value);
  expect(values("HaMode")).toEqual(["fast", "norm", "safe", "wide"]);
  expect(values("ServiceType")).toEqual(["mcp", "rag", "postgrest"]);
});
