import type * as pulumi from "@pulumi/pulumi";
import { checkPassword } from "@pgharbor/core";
import type { ExistingPassword } from "../../platform";
import type { KubernetesContext } from "../context/context";
import { readExistingSecret, type CreateSecretError } from "./existing-secret";

/** Reads a password from an existing Secret. */
export function readPassword(
  context: KubernetesContext,
  { subject, path, secret: { name, key = "password", namespace } }: ExistingPassword,
  after: pulumi.Output<unknown>,
): pulumi.Output<string> {
  const expected = `the password under the key ${JSON.stringify(key)}`;
  return readExistingSecret(context, { subject, path, name, namespace, expected }, after, (data, createError) =>
    passwordIn(data, key, createError),
  );
}

/** The password at a key of a Secret. No error shows it. */
export function passwordIn(data: Record<string, string>, key: string, createError: CreateSecretError): string {
  const password = data[key];
  const keys = Object.keys(data).sort().join(", ") || "none";
  if (password === undefined) throw createError(`has no key ${JSON.stringify(key)}, got ${keys}; give an existing key`);
  const [problem] = checkPassword(password);
  if (problem !== undefined)
    throw createError(`at the key ${JSON.stringify(key)} ${problem.message}; correct the Secret`);
  return password;
}
