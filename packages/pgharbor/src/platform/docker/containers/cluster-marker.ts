import * as pulumi from "@pulumi/pulumi";
import { labelKeys } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import type { DockerKind } from "../../../clients/docker/leftovers";
import type * as leftovers from "../../../clients/docker/leftovers";
import type * as foreignVolume from "../../../clients/docker/foreign-volume";
import { hasHooks } from "../../resource-hooks";

type DockerLabel = { label: pulumi.Input<string>; value: pulumi.Input<string> };

/** Labels a cluster's objects on Docker with a uid, so that the next run recognises the leftovers of a killed one. */
export class ClusterMarker extends HandledResource<"ClusterMarker"> {
  declare readonly uid: pulumi.Output<string>;
  declare readonly stack: pulumi.Output<string>;
  readonly #engine: string;

  constructor(cluster: string, engine: string, opts: pulumi.CustomResourceOptions) {
    const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
    super("ClusterMarker", `${cluster}-marker`, { cluster, engine, stack, uid: undefined }, opts);
    this.#engine = engine;
  }

  /** Adds the marker's labels to those of a container, network or volume. */
  labels(own: Record<string, string>): DockerLabel[] {
    return [
      ...Object.entries(own).map(([label, value]) => ({ label, value })),
      { label: labelKeys.clusterUid, value: this.uid },
      { label: labelKeys.stack, value: this.stack },
    ];
  }

  /**
   * Hooks that, before an object is created, remove a leftover of the same name, and refuse another owner's object and missing volumes of
   * other clusters.
   */
  cleanupHooks(kind: DockerKind, foreignVolumes: string[] = []): pulumi.ResourceHookBinding {
    if (!hasHooks()) return {};
    return {
      beforeCreate: [
        ...foreignVolumes.map((volume) => foreignVolumeHook(this.#engine, volume)),
        ({ newInputs }) => removeLeftover(this.#engine, kind, newInputs as NamedInputs),
      ],
    };
  }
}

/** A hook that, before a container is created, refuses a missing volume of another cluster. */
function foreignVolumeHook(engine: string, volume: string): pulumi.ResourceHookFunction {
  return async () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { assertVolumeExists } = require("../../../clients/docker/foreign-volume") as typeof foreignVolume;
    await assertVolumeExists(engine, volume);
  };
}

interface NamedInputs {
  name: string;
  labels?: { label: string; value: string }[];
}

async function removeLeftover(engine: string, kind: DockerKind, { name, labels = [] }: NamedInputs): Promise<void> {
  // The engine's client is loaded only for a creation, because it slows down the program's start.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { clearLeftover } = require("../../../clients/docker/leftovers") as typeof leftovers;
  const uid = labels.find(({ label }) => label === labelKeys.clusterUid)?.value ?? "";
  await clearLeftover(engine, { kind, name, uid });
}
