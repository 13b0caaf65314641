import * as pulumi from "@pulumi/pulumi";
import { labelKeys } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import type { DockerKind } from "../../../clients/docker/leftovers";
import type * as leftovers from "../../../clients/docker/leftovers";
import { hasHooks } from "../../resource-hooks";

type DockerLabel = { label: pulumi.Input<string>; value: pulumi.Input<string> };

/** Labels what a cluster makes on Docker as its own, so that a run after one that was killed knows it again. */
export class ClusterMarker extends HandledResource<"ClusterMarker"> {
  declare readonly uid: pulumi.Output<string>;
  declare readonly stack: pulumi.Output<string>;
  readonly #engine: string;

  constructor(cluster: string, engine: string, opts: pulumi.CustomResourceOptions) {
    const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
    super("ClusterMarker", `${cluster}-marker`, { cluster, engine, stack, uid: undefined }, opts);
    this.#engine = engine;
  }

  /** Labels of a container, network or volume: these, and the marker's. */
  labels(own: Record<string, string>): DockerLabel[] {
    return [
      ...Object.entries(own).map(([label, value]) => ({ label, value })),
      { label: labelKeys.clusterUid, value: this.uid },
      { label: labelKeys.stack, value: this.stack },
    ];
  }

  /** Before Docker is asked for an object: what a killed run has left of it goes, and what is another's is refused. */
  clearing(kind: DockerKind): pulumi.ResourceHookBinding {
    if (!hasHooks()) return {};
    return { beforeCreate: [({ newInputs }) => clear(this.#engine, kind, newInputs as NamedInputs)] };
  }
}

interface NamedInputs {
  name: string;
  labels?: { label: string; value: string }[];
}

async function clear(engine: string, kind: DockerKind, { name, labels = [] }: NamedInputs): Promise<void> {
  // The engine's client is loaded only where something is made: it takes a part of a program's start.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { clearLeftover } = require("../../../clients/docker/leftovers") as typeof leftovers;
  const uid = labels.find(({ label }) => label === labelKeys.clusterUid)?.value ?? "";
  await clearLeftover(engine, { kind, name, uid });
}
