import { first } from "@pgharbor/core";
import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../../dynamic/handled-resource";
import { claimRetention } from "./claims";
import { locationArgs, type KubernetesContext } from "../context/context";

/**
 * The ConfigMaps that Patroni creates. It is created before the members, so its deletion after them removes their ConfigMaps: otherwise a
 * new cluster of the same name would wait for a leader forever.
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
        deleteClaims: claimRetention(context, first(context.model.members)).deleteOnDestroy,
      },
      opts,
    );
  }
}
