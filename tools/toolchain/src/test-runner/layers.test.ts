import { readdirSync } from "node:fs";
import { join } from "node:path";
import { REPO_ROOT } from "../repo-root";
import { layersOf } from "./layers";

const names = (...args: Parameters<typeof layersOf>) => layersOf(...args).map(({ layer }) => layer);

test("layers that are named run in their order, with all their files", () => {
  expect(layersOf(["kubernetes", "docker"], undefined)).toEqual([{ layer: "docker" }, { layer: "kubernetes" }]);
});

/** Returns the files of a layer that an ordinary run includes, and those that it skips. */
function ordinary(layer: string): { taken: string[]; left: string[] } {
  const { files, impossible } = layersOf([], undefined).find((run) => run.layer === layer)!;
  expect(impossible).toBeUndefined();
  const folder = join(REPO_ROOT, "test", layer);
  const all = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
  const taken = all.filter((name) => new RegExp(files!).test(join(folder, name)));
  return { taken, left: all.filter((name) => !taken.includes(name)) };
}

test("a default run has every layer: the quickstart and the example of Kubernetes, and all but the long tests of Docker and faults", () => {
  expect(names([], undefined)).toEqual(["fast", "engine", "docker", "faults", "kubernetes"]);
  expect(ordinary("faults").left).toEqual(["cut-rewind.test.ts", "freeze-orders.test.ts", "repeated-faults.test.ts"]);
  expect(ordinary("kubernetes").taken).toEqual(["example.test.ts", "quickstart.test.ts"]);
  const long = [
    "azure-and-gcs",
    "bad-start",
    "killed-run",
    "labels",
    "lost-etcd",
    "lost-gateway",
    "lost-parts",
    "preview-names",
    "refused-destroy",
    "sql-scale",
  ];
  expect(ordinary("docker").left).toEqual(long.map((name) => `${name}.test.ts`));
});

test("a default run reports why no node is possible and continues, and a run of that layer fails", () => {
  const reason = "only root can bring one up";
  expect(layersOf([], reason).filter(({ impossible }) => impossible)).toEqual([
    { layer: "kubernetes", files: expect.any(String) as string, impossible: reason },
  ]);
  expect(layersOf(["kubernetes"], reason)).toEqual([{ layer: "kubernetes" }]);
});

test("a layer that there is not is an error", () => {
  expect(() => layersOf(["dokcer"])).toThrow("no such layer: dokcer; use fast, engine");
});
