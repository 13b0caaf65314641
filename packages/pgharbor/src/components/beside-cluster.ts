import type * as pulumi from "@pulumi/pulumi";

const ofItsOwn = { kubernetes: "kubernetes:core/v1:Secret", docker: "docker:index/container:Container" };

/** What belongs to a cluster is made by the cluster's providers, unless the program gives others: it is where the cluster is. */
export function besideCluster(
  cluster: object | undefined,
  opts: pulumi.ComponentResourceOptions = {},
): pulumi.ComponentResourceOptions {
  const from = (resource: object | undefined, type: string) =>
    (resource as Partial<pulumi.Resource> | undefined)?.getProvider?.(type);
  const inherited: Record<string, pulumi.ProviderResource> = {};
  for (const [name, type] of Object.entries(ofItsOwn)) {
    const provider = from(opts.parent, type) ?? from(cluster, type);
    if (provider !== undefined) inherited[name] = provider;
  }
  if (Object.keys(inherited).length === 0) return opts;
  const { providers = {} } = opts;
  return Array.isArray(providers)
    ? { ...opts, providers: [...Object.values(inherited), ...providers] }
    : { ...opts, providers: { ...inherited, ...providers } };
}
