import * as pulumi from "@pulumi/pulumi";
import { passwordsOn } from "@pgharbor/core";
import type { Passwords } from "../../secrets";
import { subjectOf, type KubernetesContext } from "../context/context";
import { readExistingSecret, type Wrong } from "./existing-secret";
import { passwordIn } from "./password-in-secret";

const keys: string[] = passwordsOn("kubernetes").sort();

/** Passwords of the cluster's own roles from the Secret that the person names; those that it lacks stay random. */
export function broughtPasswords(context: KubernetesContext, name: string, random: Passwords): Passwords {
  const secret = {
    subject: subjectOf(context),
    path: "kubernetes.passwordSecret",
    name,
    wants: `passwords at keys of ${keys.join(", ")}`,
  };
  const given = readExistingSecret(context, secret, context.namespace, systemPasswordsIn);
  return Object.fromEntries(
    Object.entries(random).map(([user, password]) => [
      user,
      pulumi.secret(pulumi.all([given, password]).apply(([found, otherwise]) => found[user] ?? otherwise)),
    ]),
  );
}

/** They get into files whose formats differ in what they escape, and into verifiers without a stringprep of ours. */
const plain = /^[A-Za-z0-9!#%&()*+,\-./:;<=>?@[\]^_{|}~]+$/;

export function systemPasswordsIn(data: Record<string, string>, wrong: Wrong): Record<string, string> {
  const found = keys.filter((key) => data[key] !== undefined);
  const list = keys.join(", ");
  if (found.length === 0)
    throw wrong(`has none of the keys ${list}, got ${Object.keys(data).sort().join(", ") || "none"}; name them so`);
  return Object.fromEntries(
    found.map((key) => {
      const password = passwordIn(data, key, wrong);
      if (plain.test(password)) return [key, password];
      const message = "must be letters, digits and !#%&()*+,-./:;<=>?@[]^_{|}~ of ASCII";
      throw wrong(`at the key ${JSON.stringify(key)} ${message}; correct the Secret`);
    }),
  );
}
