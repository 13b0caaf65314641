import type * as pulumi from "@pulumi/pulumi";
import { checkPassword } from "@pgharbor/core";
import type { ExistingPassword } from "../../platform";
import type { KubernetesContext } from "../context/context";
import { readExistingSecret, type Wrong } from "./existing-secret";

/** A password that somebody else has put into a Secret. */
export function readPassword(
  context: KubernetesContext,
  { subject, path, secret: { name, key = "password", namespace } }: ExistingPassword,
  after: pulumi.Output<unknown>,
): pulumi.Output<string> {
  const wants = `the password at the key ${JSON.stringify(key)}`;
  return readExistingSecret(context, { subject, path, name, namespace, wants }, after, (data, wrong) =>
    passwordIn(data, key, wrong),
  );
}

/** What stands at a key of a Secret, if it is fit to be a password. It is in no error. */
export function passwordIn(data: Record<string, string>, key: string, wrong: Wrong): string {
  const password = data[key];
  const keys = Object.keys(data).sort().join(", ") || "none";
  if (password === undefined) throw wrong(`has no key ${JSON.stringify(key)}, got ${keys}; give the key that it has`);
  const [problem] = checkPassword(password);
  if (problem !== undefined) throw wrong(`at the key ${JSON.stringify(key)} ${problem.message}; correct the Secret`);
  return password;
}
