import * as pulumi from "@pulumi/pulumi";
import { passwordsOn } from "@pgharbor/core";
import type { Passwords } from "../../secrets";
import { subjectOf, type KubernetesContext } from "../context/context";
import { readExistingSecret, type CreateSecretError } from "./existing-secret";
import { passwordIn } from "./password-in-secret";

/** The passphrase of backups is an argument of its own, because it outlives the cluster. */
const keys: string[] = passwordsOn("kubernetes")
  .filter((user) => user !== "backupCipher")
  .sort();

/** Reads passwords of the cluster's own roles from an existing Secret. Missing ones stay random. */
export function readExternalPasswords(context: KubernetesContext, name: string, random: Passwords): Passwords {
  const secret = {
    subject: subjectOf(context),
    path: "kubernetes.passwordSecret",
    name,
    expected: `passwords under the keys ${keys.join(", ")}`,
  };
  const given = readExistingSecret(context, secret, context.namespace, systemPasswordsIn);
  return Object.fromEntries(
    Object.entries(random).map(([user, password]) => [
      user,
      pulumi.secret(pulumi.all([given, password]).apply(([found, otherwise]) => found[user] ?? otherwise)),
    ]),
  );
}

/** Characters that need no escape in any configuration file, and no stringprep in SCRAM verifiers. */
const plain = /^[A-Za-z0-9!#%&()*+,\-./:;<=>?@[\]^_{|}~]+$/;

export function systemPasswordsIn(
  data: Record<string, string>,
  createError: CreateSecretError,
): Record<string, string> {
  const found = keys.filter((key) => data[key] !== undefined);
  const list = keys.join(", ");
  if (found.length === 0)
    throw createError(
      `has none of the keys ${list}, got ${Object.keys(data).sort().join(", ") || "none"}; use these keys`,
    );
  return Object.fromEntries(
    found.map((key) => {
      const password = passwordIn(data, key, createError);
      if (plain.test(password)) return [key, password];
      const message = "must be letters, digits and !#%&()*+,-./:;<=>?@[]^_{|}~ of ASCII";
      throw createError(`at the key ${JSON.stringify(key)} ${message}; correct the Secret`);
    }),
  );
}
