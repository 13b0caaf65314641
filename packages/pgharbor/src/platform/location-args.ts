import type { PodLocation } from "../clients/kubernetes/connection/client";
import type { Location } from "../clients/location";
import type { Args } from "../dynamic/handled-resource";

/** How our own resources find a cluster's containers: inputs of each of them. */
export type LocationArgs = Args<Location>;
export type PodLocationArgs = Args<PodLocation>;
