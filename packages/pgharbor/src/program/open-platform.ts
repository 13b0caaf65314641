import type * as pulumi from "@pulumi/pulumi";
import type { DockerArgs } from "../platform/docker/attach";
import type { KubernetesArgs } from "../platform/kubernetes/attach";
import type { Platform } from "../platform/platform";

/** The platform that a cluster asks for. Only that one's SDK is loaded: each takes a part of a program's start. */
export function openPlatform(args: DockerArgs & KubernetesArgs, opts: pulumi.CustomResourceOptions): Platform {
  if (args.spec.docker !== undefined) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { openDocker } = require("../platform/docker/attach") as typeof import("../platform/docker/attach");
    return openDocker(args, opts);
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { openKubernetes } = require("../platform/kubernetes/attach") as typeof import("../platform/kubernetes/attach");
  return openKubernetes(args, opts);
}
