import type * as pulumi from "@pulumi/pulumi";

/**
 * Pulumi's provider takes a workload with this for ready as soon as it is there. Whether its pods come up is waited for by
 * resources of our own, which know when waiting is of no use, and when it is worth hours. Unlike `skipAwait`, it does not
 * keep a deletion from being waited for.
 * https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ (`pulumi.com/waitFor`)
 */
export const AWAITED_BY_US = { "pulumi.com/waitFor": "jsonpath={.metadata.uid}" };

/** What changes whenever a workload is another one, or is another than before. */
export const versionOf = ({
  metadata,
}: {
  metadata: pulumi.Output<{ uid?: string; generation?: number }>;
}): pulumi.Output<{ uid?: string; generation?: number }> =>
  metadata.apply(({ uid, generation }) => ({ uid, generation }));
