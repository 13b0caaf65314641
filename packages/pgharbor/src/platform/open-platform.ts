import type * as pulumi from "@pulumi/pulumi";
import type { DockerArgs } from "./docker/attach";
import type { KubernetesArgs } from "./kubernetes/attach";
import type { Platform } from "./platform";

/** The platform that a cluster asks for. Only that one's SDK is loaded: each takes a part of a program's start. */
export function openPlatform(args: DockerArgs & KubernetesArgs, opts: pulumi.CustomResourceOptions): Platform {
  if (args.spec.docker !== undefined) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { openDocker } = require("./docker/attach") as typeof import("./docker/attach");
    return openDocker(args, opts);
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { openKubernetes } = require("./kubernetes/attach") as typeof import("./kubernetes/attach");
  return openKubernetes(args, opts);
}
