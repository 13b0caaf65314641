import type { PodLocation } from "../clients/kubernetes/connection/client";
import type { Location } from "../clients/location";
import type { Args } from "../dynamic/handled-resource";

/** Inputs with which pgharbor's own resources find a cluster's containers. */
export type LocationArgs = Args<Location>;
export type PodLocationArgs = Args<PodLocation>;
