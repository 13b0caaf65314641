import * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../dynamic/handled-resource";

/**
 * Refuses to be deleted while it is on. It depends on all that it guards, so Pulumi deletes it first. Pulumi's own `protect`,
 * which the data volumes have too, would stop only at them, after the containers are gone.
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
 * Guards a cluster, and what a program declares beside it later: users, databases, services. Pulumi deletes in steps, one level of
 * dependencies after the other, and they are on the level of the first guard or beyond. So a second one, declared when the program
 * has ended, depends on them all. A program that fails has declared the first one by then.
 */
export function guardDeletion(
  component: pulumi.ComponentResource,
  props: { cluster: string; on: boolean },
  beside: () => pulumi.Resource[],
): void {
  const guard = new DeletionGuard(`${props.cluster}-deletion-guard`, props, [component], { parent: component });
  afterProgram(() => {
    // A child of the first guard: what depends on the component itself must not wait for it.
    new DeletionGuard(`${props.cluster}-deletion-guard-beside`, props, beside(), { parent: guard });
  });
}

/** Runs when the program has ended and its exports are known. In a component provider there is no program, and it never runs. */
function afterProgram(declare: () => void): void {
  const stack = pulumi.runtime.getStackResource() as unknown as { getData(): Promise<unknown> } | undefined;
  if (stack === undefined) return;
  const done = pulumi.runtime.rpcKeepAlive();
  // A program that fails says so itself.
  stack
    .getData()
    .then(declare, () => undefined)
    .finally(done);
}
