import type * as pulumi from "@pulumi/pulumi";
import type * as docker from "../platform/docker/docker-platform";
import type * as kubernetes from "../platform/kubernetes/kubernetes-platform";
import type { Platform } from "../platform/platform";

/** Creates the platform of a cluster. Only the SDK that it needs is loaded, because each slows down the program's start. */
export function createPlatform(
  args: docker.DockerArgs & kubernetes.KubernetesArgs,
  opts: pulumi.CustomResourceOptions,
): Platform {
  if (args.spec.docker !== undefined) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { createDockerPlatform } = require("../platform/docker/docker-platform") as typeof docker;
    return createDockerPlatform(args, opts);
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createKubernetesPlatform } = require("../platform/kubernetes/kubernetes-platform") as typeof kubernetes;
  return createKubernetesPlatform(args, opts);
}
