import { first } from "@pgharbor/core";
import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../../dynamic/handled-resource";
import { fateOf } from "./claims";
import { locationArgs, type KubernetesContext } from "../context/context";

/**
 * What Patroni keeps in Kubernetes by itself. Made before the members, so deleted after them: it takes away what they
 * left, or a new cluster of the same name would wait for a leader for ever.
 */
export class PatroniStore extends HandledResource<"PatroniStore"> {
  constructor(context: KubernetesContext, opts: pulumi.CustomResourceOptions) {
    const { name: cluster } = context.model;
    super(
      "PatroniStore",
      `${cluster}-store`,
      {
        ...locationArgs(context),
        cluster,
        deleteClaims: fateOf(context, first(context.model.members)).deleteOnDestroy,
      },
      opts,
    );
  }
}
