import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

const root = path.resolve(__dirname, "../..");
const cruise = (cwd: string, folders: string[]) =>
  spawnSync(
    process.execPath,
    [
      path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
      ...["--config", path.join(root, ".dependency-cruiser.cjs"), "--output-type", "err"],
      ...folders,
    ],
    { cwd, encoding: "utf8" },
  );

test("each layer imports only from those before it, and nothing goes round in circles", () => {
  const { stdout, status } = cruise(
    root,
    ["core", "sql", "pgharbor"].map((name) => `packages/${name}/src`),
  );
  expect(stdout).toContain("no dependency violations found");
  expect(status).toBe(0);
});

test("an import against the order is found", () => {
  const copy = mkdtempSync(path.join(tmpdir(), "layers-"));
  try {
    const write = (file: string, text: string) => {
      const whole = path.join(copy, "packages/core/src", file);
      mkdirSync(path.dirname(whole), { recursive: true });
      writeFileSync(whole, text);
    };
    writeFileSync(path.join(copy, "tsconfig.json"), "{}");
    write("model/ha.ts", 'export type { Plan } from "../plan/plan";\n');
    write("plan/plan.ts", "export interface Plan {}\n");
    const { stdout, status } = cruise(copy, ["packages/core/src"]);
    expect(stdout).toContain("model-of-core: packages/core/src/model/ha.ts → packages/core/src/plan/plan.ts");
    expect(status).not.toBe(0);
  } finally {
    rmSync(copy, { recursive: true });
  }
});
