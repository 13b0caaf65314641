import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { withPulumiProject, type ConfigValue } from "../support/pulumi-project";

jest.setTimeout(600_000);

const EXAMPLES = path.resolve(__dirname, "../../examples");
const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/** Examples that need the kubernetes plugin are tested in test/kubernetes. */
const ELSEWHERE = ["kubernetes"];

/**
 * Previews open no connections, so the real engine can preview each example without a server. Types are checked, too.
 */
test("every example for Docker has a preview and no type error", async () => {
  const scratch = await mkdtemp(path.join(tmpdir(), "pgharbor-examples-"));
  const caFile = path.join(scratch, "root.pem");
  await writeFile(caFile, PEM);
  const configs: Record<string, Record<string, ConfigValue>> = {
    external: {
      url: "postgresql://admin@db.example.com/postgres",
      adminPassword: { secret: "not-a-real-one" },
      caFile,
    },
  };
  const examples = (await readdir(EXAMPLES)).filter((name) => !ELSEWHERE.includes(name)).sort();
  expect(examples).toContain("quickstart");
  for (const example of examples) {
    process.stderr.write(`example ${example}\n`);
    const options = { dir: path.join(EXAMPLES, example), config: configs[example], typeCheck: true };
    await withPulumiProject(options, async (project) => {
      const { steps } = await project.previewJson();
      expect(steps.length).toBeGreaterThan(2);
    });
  }
  await rm(scratch, { recursive: true });
});
