import type * as pulumi from "@pulumi/pulumi";

/**
 * With this annotation Pulumi's provider does not wait until a workload is ready. pgharbor's own resources wait instead: they tell a pod
 * that cannot start from a slow recovery. Unlike with `skipAwait`, the provider still waits for deletions.
 * https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ (`pulumi.com/waitFor`)
 */
export const SKIP_PROVIDER_AWAIT = { "pulumi.com/waitFor": "jsonpath={.metadata.uid}" };

/** Changes whenever a workload is replaced or updated. */
export const versionOf = ({
  metadata,
}: {
  metadata: pulumi.Output<{ uid?: string; generation?: number }>;
}): pulumi.Output<{ uid?: string; generation?: number }> =>
  metadata.apply(({ uid, generation }) => ({ uid, generation }));
