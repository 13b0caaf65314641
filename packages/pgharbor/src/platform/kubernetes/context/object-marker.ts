import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { labelKeys } from "@pgharbor/core";
import type * as leftovers from "../../../clients/kubernetes/objects/leftovers";
import type { Labels } from "./labels";
import { hasHooks } from "../../resource-hooks";

type Marked = Record<string, pulumi.Input<string>>;

/**
 * Marks the objects of one cluster as its own, so that a run after one that was killed can tell them from those of another cluster of
 * the same name.
 */
export class ObjectMarker {
  readonly uid: pulumi.Output<string>;
  readonly #location: { context?: string; kubeconfig?: pulumi.Input<string> };

  constructor(
    cluster: string,
    location: { context?: string; kubeconfig?: pulumi.Input<string> },
    opts: pulumi.CustomResourceOptions,
  ) {
    this.uid = new random.RandomUuid(`${cluster}-uid`, {}, { parent: opts.parent }).result;
    this.#location = location;
  }

  /** Labels of an object, never of a pod: a label more would restart it. */
  labels = (own: Labels): Marked => ({ ...own, [labelKeys.clusterUid]: this.uid });

  /** For a person who finds the object. A label could not hold the slash. */
  annotations = (own: Labels): Labels => ({ ...own, [labelKeys.stack]: `${pulumi.getProject()}/${pulumi.getStack()}` });

  /**
   * Options of an object with a name of its own. Before it is created, the object of that name that a killed run left is deleted, and
   * that of anybody else is refused. A replacement deletes first: its successor has the same name.
   */
  named<Options extends pulumi.CustomResourceOptions>(opts: Options): Options {
    if (!hasHooks()) return { ...opts, deleteBeforeReplace: true };
    return {
      ...opts,
      deleteBeforeReplace: true,
      hooks: { beforeCreate: [({ newInputs }) => this.#clear(newInputs as leftovers.NamedObject)] },
    };
  }

  async #clear(object: leftovers.NamedObject): Promise<void> {
    const { context } = this.#location;
    const kubeconfig = await known(this.#location.kubeconfig);
    // The client is loaded only where something is created: it takes a part of a program's start.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { clearLeftover } = require("../../../clients/kubernetes/objects/leftovers") as typeof leftovers;
    await clearLeftover(
      { kubernetes: { namespace: object.metadata.namespace ?? "default", context }, kubeconfig },
      object,
    );
  }
}

const known = <T>(input: pulumi.Input<T> | undefined): Promise<T | undefined> =>
  new Promise((resolve) => {
    pulumi.output(input).apply((value) => resolve(value as T | undefined));
  });
