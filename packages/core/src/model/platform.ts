import type { Read } from "../read/read";
import type { ClusterSpec } from "../spec";
import type { PlatformName } from "./types";

/** The platform of a specification that has exactly one; rules refuse others. */
export const platformIn = ({ docker }: Pick<Read<ClusterSpec>, "docker">): PlatformName =>
  docker === undefined ? "kubernetes" : "docker";
