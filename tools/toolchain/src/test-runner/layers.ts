import { whyNoNode } from "@pgharbor/kubernetes-node";

/**
 * Cheapest first. All but `fast` need the engine and Docker. Kubernetes comes last, because a running node would
 * disturb the timings of other layers.
 */
export const LAYERS = ["fast", "engine", "docker", "faults", "kubernetes"] as const;
export type Layer = (typeof LAYERS)[number];

/** One layer of a run. */
export interface LayerRun {
  readonly layer: Layer;
  /** Only files whose path matches this. */
  readonly files?: string;
  /** Why the layer cannot run on this machine. */
  readonly impossible?: string;
}

/**
 * Tests that take minutes each and either cover rare failures or resemble another test: `labels` is like the new image
 * in `faults`, `azure-and-gcs` like `object-stores`.
 */
const LONG = [
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

/** The files of a layer that an ordinary run includes. A run that names the layer includes all. */
const ORDINARY_FILES: Partial<Record<Layer, string>> = {
  docker: `^(?!.*/(${LONG.join("|")})\\.test\\.ts$)`,
  faults: "/failover\\.test\\.ts$",
  kubernetes: "/(quickstart|example)\\.test\\.ts$",
};

/** Returns the layers of a run: the named ones, or else all, with a reason for each that this machine cannot run. */
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
