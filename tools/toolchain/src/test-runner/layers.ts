import { whyNoNode } from "@pgharbor/kubernetes-node";

/** Cheapest first. All but `fast` need the engine and Docker. A node of Kubernetes, once up, would disturb the timings of others. */
export const LAYERS = ["fast", "engine", "docker", "faults", "kubernetes"] as const;
export type Layer = (typeof LAYERS)[number];

/** One layer of a run. */
export interface LayerRun {
  readonly layer: Layer;
  /** Only files whose path matches this. */
  readonly files?: string;
  /** Why it cannot run on this machine. */
  readonly impossible?: string;
}

/** Minutes each, of what goes wrong rarely, or is like another test: `labels` is the image of `faults` again. */
const LONG = [
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

/** Of these an ordinary run takes a part; all of them is for who names the layer. */
const ORDINARY_FILES: Partial<Record<Layer, string>> = {
  docker: `^(?!.*/(${LONG.join("|")})\\.test\\.ts$)`,
  faults: "/failover\\.test\\.ts$",
  kubernetes: "/(quickstart|example)\\.test\\.ts$",
};

/** The layers of a run: all that this machine can run, or those that are named, whatever it can. */
export function layersOf(wanted: readonly string[], noNode: string | undefined = whyNoNode()): LayerRun[] {
  const unknown = wanted.filter((name) => !LAYERS.includes(name as Layer));
  if (unknown.length > 0) throw new Error(`no such layer: ${unknown.join(", ")}; use ${LAYERS.join(", ")}`);
  if (wanted.length > 0) return LAYERS.filter((layer) => wanted.includes(layer)).map((layer) => ({ layer }));
  return LAYERS.map((layer) => ({
    layer,
    files: ORDINARY_FILES[layer],
    impossible: layer === "kubernetes" ? noNode : undefined,
  }));
}
