import * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../dynamic/handled-resource";

/**
 * Its deletion fails while it is on. It depends on all guarded resources, so Pulumi deletes it first. Pulumi's own `protect`, which the
 * data volumes also have, would fail only at the volumes, after the containers are gone.
 */
export class DeletionGuard extends HandledResource<"DeletionGuard"> {
  constructor(
    name: string,
    props: { cluster: string; on: boolean },
    guarded: pulumi.Resource[],
    opts: pulumi.CustomResourceOptions,
  ) {
    super("DeletionGuard", name, props, { ...opts, dependsOn: guarded });
  }
}

/**
 * Creates the guards of a cluster. Pulumi deletes one level of dependencies after the other, so it would delete the cluster's users,
 * databases and services together with the first guard, or before it. Therefore a second guard, created at the end of the program, depends
 * on all of them. The first guard exists even if the program fails.
 */
export function createDeletionGuards(
  component: pulumi.ComponentResource,
  props: { cluster: string; on: boolean },
  components: () => pulumi.Resource[],
): void {
  const guard = new DeletionGuard(`${props.cluster}-deletion-guard`, props, [component], { parent: component });
  runAfterProgram(() => {
    // A child of the first guard, because resources that depend on the component also wait for its children.
    new DeletionGuard(`${props.cluster}-deletion-guard-beside`, props, components(), { parent: guard });
  });
}

/** Runs a function when the program has ended and its exports are known. Never in a component provider, which has no program. */
function runAfterProgram(declare: () => void): void {
  const stack = pulumi.runtime.getStackResource() as unknown as { getData(): Promise<unknown> } | undefined;
  if (stack === undefined) return;
  const done = pulumi.runtime.rpcKeepAlive();
  // Pulumi reports the error of a program that fails.
  stack
    .getData()
    .then(declare, () => undefined)
    .finally(done);
}
