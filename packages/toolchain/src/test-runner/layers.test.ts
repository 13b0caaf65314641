import { readdirSync } from "node:fs";
import { join } from "node:path";
import { REPO_ROOT } from "../repo-root";
import { layersOf } from "./layers";

const names = (...args: Parameters<typeof layersOf>) => layersOf(...args).map(({ layer }) => layer);

test("layers that are named run in their order, with all their files", () => {
  expect(layersOf(["kubernetes", "docker"], undefined)).toEqual([{ layer: "docker" }, { layer: "kubernetes" }]);
});

test("an ordinary run has every layer, and of Kubernetes what both platforms are held to", () => {
  expect(names([], undefined)).toEqual(["fast", "engine", "docker", "faults", "kubernetes"]);
  const { files, impossible } = layersOf([], undefined).find(({ layer }) => layer === "kubernetes")!;
  expect(impossible).toBeUndefined();
  const folder = join(REPO_ROOT, "test/kubernetes");
  const taken = readdirSync(folder).filter((name) => new RegExp(files!).test(join(folder, name)));
  expect(taken).toEqual(["contract.test.ts", "quickstart.test.ts"]);
});

test("where no node can be, an ordinary run says why and goes on; who names the layer gets the error", () => {
  const reason = "only root can bring one up";
  expect(layersOf([], reason).filter(({ impossible }) => impossible)).toEqual([
    { layer: "kubernetes", files: expect.any(String) as string, impossible: reason },
  ]);
  expect(layersOf(["kubernetes"], reason)).toEqual([{ layer: "kubernetes" }]);
});

test("a layer that there is not is an error", () => {
  expect(() => layersOf(["dokcer"])).toThrow("no such layer: dokcer; use fast, engine");
});
