import Table from "cli-table3";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Progress } from "../cache/progress";
import { ensurePulumi } from "../pulumi";
import { REPO_ROOT } from "../repo-root";
import { setUp } from "../set-up";
import { ExampleStack, type Changes } from "./example-stack";
import { prove } from "./prove";

interface Endpoint {
  name: string;
  host: string;
  port: number;
  role: string;
  pooled: boolean;
}
interface Outputs {
  services: Endpoint[];
  caCertificate: string;
  uri: string;
  readOnlyUri: string;
  psql: string;
}

const PROGRAM = join(REPO_ROOT, "examples/quickstart");
const CA_FILE = join(PROGRAM, "ca.crt");
const STACK = "quickstart";

export async function quickstart(
  options: { showSecrets: boolean; destroy: boolean },
  progress: Progress,
): Promise<void> {
  if (options.destroy) return destroy(progress);
  const { pulumi } = await setUp(progress);
  const stack = new ExampleStack(pulumi, PROGRAM, STACK);
  progress("pulumi up of examples/quickstart");
  const started = Date.now();
  const { changes, outputs } = await stack.exclusively(progress, async () => ({
    changes: await stack.up(),
    outputs: await stack.outputs<Outputs>(),
  }));
  writeFileSync(CA_FILE, outputs.caCertificate);
  console.log(`\n${summary(changes, (Date.now() - started) / 1000)}\n`);
  console.log(servicesTable(outputs.services));
  console.log(stringsTable(outputs, options.showSecrets));
  progress("writing a row through primary, reading it through replica");
  const { token, primary, replica } = await prove(outputs.uri, outputs.readOnlyUri, outputs.caCertificate);
  console.log(`wrote '${token}'`);
  console.log(`  through primary: server ${primary.server}, role ${primary.role}, timeline ${primary.timeline}`);
  console.log(`read it again`);
  console.log(`  through replica: server ${replica.server}, role ${replica.role}, timeline ${replica.timeline}\n`);
  console.log("Passwords: npm run quickstart -- --show-secrets");
  console.log("Remove all: npm run quickstart -- --destroy");
}

async function destroy(progress: Progress): Promise<void> {
  const stack = new ExampleStack(await ensurePulumi(progress), PROGRAM, STACK);
  progress("pulumi destroy of examples/quickstart");
  await stack.exclusively(progress, () => stack.destroy());
  rmSync(CA_FILE, { force: true });
  console.log("\nNo container, volume, network or state of the quickstart is left.");
}

function summary(changes: Changes, seconds: number): string {
  const changed = (changes.create ?? 0) + (changes.update ?? 0) + (changes.delete ?? 0) + (changes.replace ?? 0);
  if (changed === 0) return `Nothing changed: all ${changes.same ?? 0} resources are as the program says.`;
  return `${changed} resources made or changed in ${seconds.toFixed(0)} s.`;
}

function servicesTable(services: Endpoint[]): string {
  const table = new Table({ head: ["service", "host", "port", "role", "by way of"], style: { head: [], border: [] } });
  for (const s of services) table.push([s.name, s.host, s.port, s.role, s.pooled ? "PgBouncer, HAProxy" : "HAProxy"]);
  return table.toString();
}

function stringsTable(outputs: Outputs, showSecrets: boolean): string {
  const shown = (uri: string) => (showSecrets ? uri : uri.replace(/:[^:@/]+@/, ":[secret]@"));
  return [
    "",
    `primary  ${shown(outputs.uri)}`,
    `replica  ${shown(outputs.readOnlyUri)}`,
    `psql     ${outputs.psql}`,
    "",
  ].join("\n");
}
