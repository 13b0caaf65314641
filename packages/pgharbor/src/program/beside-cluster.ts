import type * as pulumi from "@pulumi/pulumi";

/** A type of each package that a cluster may be made with. */
const TYPES = ["kubernetes:core/v1:Secret", "docker:index/container:Container"];

/** What belongs to a cluster is made by the cluster's providers, unless the program gives others: it is where the cluster is. */
export function besideCluster(
  cluster: object | undefined,
  opts: pulumi.ComponentResourceOptions = {},
): pulumi.ComponentResourceOptions {
  const from = (resource: object | undefined, type: string) =>
    (resource as Partial<pulumi.Resource> | undefined)?.getProvider?.(type);
  const inherited = TYPES.flatMap((type) => from(opts.parent, type) ?? from(cluster, type) ?? []);
  if (inherited.length === 0) return opts;
  const { provider, providers = [], ...others } = opts;
  const given = Array.isArray(providers) ? providers : Object.values(providers);
  // Of two for the same package the later one counts.
  return { ...others, providers: [...inherited, ...given, ...(provider === undefined ? [] : [provider])] };
}
