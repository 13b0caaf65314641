import type * as pulumi from "@pulumi/pulumi";
import type { ClusterFacts } from "@pgharbor/core";
import { HandledResource } from "../dynamic/handled-resource";
import type { PlaceProps } from "./place";

export interface PlacementProps extends PlaceProps {
  /** The members that may lead, in the order they are replaced in: as Patroni knows them, and where a command runs. */
  members: { name: string; container: string }[];
  /** What the members' containers are made of: a change of it replaces them. */
  madeOf: Record<string, pulumi.Input<unknown>>;
}

/** Moves the primary to the member that is replaced last, before a change replaces members. On create it does nothing. */
export class PrimaryPlacement extends HandledResource {
  constructor(facts: ClusterFacts, props: PlacementProps, opts: pulumi.CustomResourceOptions) {
    super("PrimaryPlacement", `${facts.name}-primary-placement`, { ...props, cluster: facts.name }, opts);
  }
}
