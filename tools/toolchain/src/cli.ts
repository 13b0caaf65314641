import { Command } from "commander";
import { check } from "./check";
import { doctor } from "./doctor";
import { ensureDocker } from "./docker";
import { ensureImages, writeSboms } from "./images";
import { pinImages } from "./images/pin-images";
import { kubernetesDown, kubernetesUp, showKubernetesStatus } from "@pgharbor/kubernetes-node";
import { setUp } from "./set-up";
import { quickstart, type QuickstartOptions } from "./quickstart/quickstart";
import { LAYERS } from "./test-runner/layers";
import { runTests } from "./test-runner/run-tests";
import { sayProgress } from "./say-progress";

const program = new Command("toolchain").description(
  "pgharbor's own commands: npm run quickstart, doctor, check; npm test",
);

program
  .command("quickstart")
  .description("a highly available PostgreSQL on Docker or Kubernetes, from one program")
  .option("--kubernetes", "on a single-node Kubernetes, which is brought up unless it is there", false)
  .option("--context <name>", "on the Kubernetes of this context of the current kubeconfig")
  .option("--show-secrets", "show passwords in the table", false)
  .option("--destroy", "remove everything that the quickstart made", false)
  .action((options: QuickstartOptions) => quickstart(options, sayProgress));

const kubernetes = program
  .command("kubernetes")
  .description("a single-node Kubernetes of its own, to try and to test on");
kubernetes
  .command("up")
  .description("bring it up; one that is half dead is replaced")
  .action(() => kubernetesUp(sayProgress));
kubernetes
  .command("down")
  .description("end it and leave the machine as it was before")
  .action(() => kubernetesDown(sayProgress));
kubernetes
  .command("status")
  .description("what of it runs, and how to reach it")
  .action(() => showKubernetesStatus());

program
  .command("doctor")
  .description("what was found or set up, with versions and where it came from")
  .action(async () => doctor(await setUp(sayProgress)));

program
  .command("test")
  .description("all tests, layer by layer")
  .option("--fast", "only tables, golden files and mocks", false)
  .argument("[layers...]", `only these layers: ${LAYERS.join(", ")}; kubernetes runs in full only when it is named`)
  .action(async (layers: string[], options: { fast: boolean }) => {
    process.exitCode = await runTests(options.fast ? ["fast"] : layers, sayProgress);
  });

program
  .command("check")
  .description("format, lint, types, fast tests")
  .action(async () => {
    process.exitCode = await check(sayProgress);
  });

program
  .command("images")
  .description("build the images that are not there yet, with that of the MCP server")
  .option("--sbom [folder]", "also write what is in each, as CycloneDX 1.5 JSON (default: sbom)")
  .action(async ({ sbom }: { sbom?: string | true }) => {
    const { client } = await ensureDocker(sayProgress);
    const tags = await ensureImages(client, { mcp: true }, sayProgress);
    console.log(JSON.stringify(tags, null, 2));
    if (sbom === undefined) return;
    const images = [
      ...Object.values(tags.postgres),
      tags.gateway,
      tags.etcd,
      ...(tags.mcp === undefined ? [] : [tags.mcp]),
    ];
    for (const file of await writeSboms(client, images, sbom === true ? "sbom" : sbom)) console.log(file);
  });

program
  .command("pin-images")
  .description("write the tags of the images as they are now into the package")
  .action(() => pinImages());

program.parseAsync().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
