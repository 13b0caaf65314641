import * as pulumi from "@pulumi/pulumi";
import { withFixedMessage, invalidDeferredArgs } from "../../../outputs/problems";
import { readSecret } from "../../../clients/kubernetes/objects/secrets";
import { unknownValue } from "../../unknown-value";
import { resolvedLocation, type KubernetesContext } from "../context/context";

/** An existing Secret that the program refers to. */
export interface ExistingSecret {
  /** The component, for error messages. */
  subject: string;
  /** The component's argument, for error messages. */
  path: string;
  name: string;
  /** @default the cluster's namespace */
  namespace?: string;
  /** The expected contents, for the error about a missing Secret. */
  expected: string;
}

/** Creates an error about the contents of the Secret. */
export type CreateSecretError = (message: string) => Error;

/**
 * Reads the Secret's current contents. The program reads it directly, in previews too: so a change shows in the next preview, and the state
 * contains the contents only as encrypted inputs. `after`: an output to wait for, which the Secret may depend on.
 */
export function readExistingSecret<T>(
  context: KubernetesContext,
  secret: ExistingSecret,
  after: pulumi.Output<unknown>,
  use: (data: Record<string, string>, createError: CreateSecretError) => T,
): pulumi.Output<T> {
  const { subject, path, name } = secret;
  const ready = pulumi.all([secret.namespace ?? context.namespace, context.kubeconfig, after]);
  const read = ready.apply(async ([namespace, kubeconfig]): Promise<T> => {
    const where = JSON.stringify(`${namespace}/${name}`);
    const data = await readSecret(resolvedLocation(context, namespace, kubeconfig), name).catch((error: Error) => {
      throw withFixedMessage(error);
    });
    if (data !== undefined)
      return use(data, (message) => invalidDeferredArgs(subject, [{ path, message: `Secret ${where} ${message}` }]));
    const message = `there is no Secret ${where}; create one with ${secret.expected}`;
    if (!pulumi.runtime.isDryRun()) throw invalidDeferredArgs(subject, [{ path, message }]);
    // The same program may create it.
    await pulumi.log.warn(`${subject}: ${path}: ${message} before the update`);
    return unknownValue();
  });
  return pulumi.secret(read).apply((value) => value as T);
}
