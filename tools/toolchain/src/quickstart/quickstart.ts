import Table from "cli-table3";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Progress } from "@pgharbor/build-cache";
import { REPO_ROOT } from "../repo-root";
import type { Changes } from "./example-stack";
import { prove } from "./prove";
import { closeStage, openStage, type StageOptions } from "./stage";

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

export interface QuickstartOptions extends StageOptions {
  readonly showSecrets: boolean;
  readonly destroy: boolean;
}

export async function quickstart(options: QuickstartOptions, progress: Progress): Promise<void> {
  if (options.destroy) return destroy(options, progress);
  const { stack, endpointOf, hints } = await openStage(PROGRAM, options, progress);
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
  const { token, primary, replica } = await prove(outputs.uri, outputs.readOnlyUri, outputs.caCertificate, endpointOf);
  console.log(`wrote '${token}'`);
  console.log(`  through primary: server ${primary.server}, role ${primary.role}, timeline ${primary.timeline}`);
  console.log(`read it again`);
  console.log(`  through replica: server ${replica.server}, role ${replica.role}, timeline ${replica.timeline}\n`);
  for (const hint of hints) console.log(hint);
  const again = ["npm run quickstart --", ...platformOptions(options)].join(" ");
  console.log(`Passwords: ${again} --show-secrets`);
  console.log(`Remove all: ${again} --destroy`);
}

async function destroy(options: QuickstartOptions, progress: Progress): Promise<void> {
  progress("pulumi destroy of examples/quickstart");
  const left = await closeStage(PROGRAM, options, progress);
  rmSync(CA_FILE, { force: true });
  console.log("\nNothing that the quickstart made is left: no data, no program, no state.");
  for (const line of left) console.log(line);
}

/** The platform options as they were given. */
function platformOptions({ kubernetes, context }: StageOptions): string[] {
  if (context !== undefined) return ["--context", context];
  return kubernetes ? ["--kubernetes"] : [];
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
