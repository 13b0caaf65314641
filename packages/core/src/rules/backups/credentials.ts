import { problemsOf, under, type Problem } from "../../errors";
import { credentialNames, type CredentialName } from "../../model/credentials";
import type { ResolvedObjectStore } from "../../model/types";
import { isObject } from "../../read/read";

/** It stands in a line of a configuration file, whose ends are trimmed. The key of a service account is a file of its own. */
const plain = /^[\x21-\x7e]{1,4096}$/;

/**
 * Problems of the credentials of an object store. They must be those of the store, and complete; with none, the machine or the ServiceAccount
 * must have a role. No message shows a value.
 */
export function checkCredentials(path: string, storage: ResolvedObjectStore, given: unknown): Problem[] {
  if (!isObject(given)) return [{ path, message: "must be an object; its value is not shown" }];
  const names = Object.keys(given).filter((name) => given[name] !== undefined);
  const known: readonly string[] = credentialNames[storage.type];
  const has = (name: CredentialName) => names.includes(name);
  return problemsOf([
    ...names.map((name) =>
      known.includes(name)
        ? {
            when: !isCredential(name, given[name]),
            path: under(path, name),
            message: `must be ${formOf(name)}; the value is not shown`,
          }
        : {
            when: true,
            path: under(path, name),
            message: `is no credential of ${storage.type}; those are ${known.join(", ")}`,
          },
    ),
    {
      when: has("accessKeyId") !== has("secretAccessKey") || (has("sessionToken") && !has("accessKeyId")),
      path,
      message: "must have both accessKeyId and secretAccessKey",
    },
    {
      when: has("accountKey") && has("sasToken"),
      path,
      message: "must have accountKey or sasToken, not both; leave one out",
    },
  ]);
}

const formOf = (name: string): string =>
  name === "serviceAccountKey"
    ? "the JSON of a service account's key"
    : "a string of printable characters of ASCII without spaces";

const isCredential = (name: string, value: unknown): boolean =>
  typeof value === "string" && (name === "serviceAccountKey" ? isJsonObject(value) : plain.test(value));

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
