import * as pulumi from "@pulumi/pulumi";
import { asItIs, invalidDeferredArgs } from "../../../outputs/problems";
import { readSecret } from "../../../clients/kubernetes/objects/secrets";
import { unknownValue } from "../../unknown-value";
import { resolvedLocation, type KubernetesContext } from "../context/context";

/** A Secret that the program names and somebody else makes. */
export interface ExistingSecret {
  /** Of the error: the component. */
  subject: string;
  /** Of the error: its argument. */
  path: string;
  name: string;
  /** @default the cluster's namespace */
  namespace?: string;
  /** What it must have, for whoever has to make it. */
  wants: string;
}

/** Makes an error of one argument about such a Secret. */
export type Wrong = (message: string) => Error;

/**
 * What is in the Secret now. It is read by the program itself, in previews too, like a function of a provider: so a change
 * shows in the next preview, nothing of it is in the state but where it is used, encrypted, and its errors are ours. `after`:
 * what the Secret may come from.
 */
export function readExistingSecret<T>(
  context: KubernetesContext,
  secret: ExistingSecret,
  after: pulumi.Output<unknown>,
  use: (data: Record<string, string>, wrong: Wrong) => T,
): pulumi.Output<T> {
  const { subject, path, name } = secret;
  const ready = pulumi.all([secret.namespace ?? context.namespace, context.kubeconfig, after]);
  const read = ready.apply(async ([namespace, way]): Promise<T> => {
    const where = JSON.stringify(`${namespace}/${name}`);
    const data = await readSecret(resolvedLocation(context, namespace, way), name).catch((error: Error) => {
      throw asItIs(error);
    });
    if (data !== undefined)
      return use(data, (message) => invalidDeferredArgs(subject, [{ path, message: `Secret ${where} ${message}` }]));
    const message = `there is no Secret ${where}; make one with ${secret.wants}`;
    if (!pulumi.runtime.isDryRun()) throw invalidDeferredArgs(subject, [{ path, message }]);
    // The same program may make it.
    await pulumi.log.warn(`${subject}: ${path}: ${message} before the update`);
    return unknownValue();
  });
  return pulumi.secret(read).apply((value) => value as T);
}
