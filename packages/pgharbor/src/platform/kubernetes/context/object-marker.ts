import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { labelKeys } from "@pgharbor/core";
import type * as leftovers from "../../../clients/kubernetes/objects/leftovers";
import type { Labels } from "./labels";
import { hasHooks } from "../../resource-hooks";

type Marked = Record<string, pulumi.Input<string>>;

/**
 * Marks the objects of one cluster with a uid, so that the next run tells leftovers of a killed run from objects of another cluster with
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

  /** Labels of an object. Pods do not have them, because a new label would restart them. */
  labels = (own: Labels): Marked => ({ ...own, [labelKeys.clusterUid]: this.uid });

  /** Adds the stack's name for people who find the object. A label cannot contain its slash. */
  annotations = (own: Labels): Labels => ({ ...own, [labelKeys.stack]: `${pulumi.getProject()}/${pulumi.getStack()}` });

  /**
   * Adds hooks to the options of an object with a fixed name. Before it is created, they delete a leftover of the same name and refuse
   * another owner's object. A replacement deletes the old object first, because the new one has the same name.
   */
  withCleanupHooks<Options extends pulumi.CustomResourceOptions>(opts: Options): Options {
    if (!hasHooks()) return { ...opts, deleteBeforeReplace: true };
    return {
      ...opts,
      deleteBeforeReplace: true,
      hooks: { beforeCreate: [({ newInputs }) => this.#removeLeftover(newInputs as leftovers.NamedObject)] },
    };
  }

  async #removeLeftover(object: leftovers.NamedObject): Promise<void> {
    const { context } = this.#location;
    const kubeconfig = await known(this.#location.kubeconfig);
    // The client is loaded only for a creation, because it slows down the program's start.
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
