import type * as pulumi from "@pulumi/pulumi";

/** One resource type of each provider that a cluster may use. */
const TYPES = ["kubernetes:core/v1:Secret", "docker:index/container:Container"];

/** Adds the cluster's providers to the options of a component that runs beside it. Providers that the program gives override them. */
export function withClusterProviders(
  cluster: object | undefined,
  opts: pulumi.ComponentResourceOptions = {},
): pulumi.ComponentResourceOptions {
  const from = (resource: object | undefined, type: string) =>
    (resource as Partial<pulumi.Resource> | undefined)?.getProvider?.(type);
  const inherited = TYPES.flatMap((type) => from(opts.parent, type) ?? from(cluster, type) ?? []);
  if (inherited.length === 0) return opts;
  const { provider, providers = [], ...others } = opts;
  const given = Array.isArray(providers) ? providers : Object.values(providers);
  // For the same package the last provider wins.
  return { ...others, providers: [...inherited, ...given, ...(provider === undefined ? [] : [provider])] };
}
