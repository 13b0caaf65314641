import type { PasswordSecretSpec } from "../../spec";
import { namespaceRow, objectNameRow } from "../kubernetes/names";
import { problemsOf, show, type Problem } from "../../errors";
import { fields, text } from "../../read/read";

const readPasswordSecret = fields<PasswordSecretSpec>({ name: text, key: text, namespace: text }, ["name"]);

/** All problems of a Secret with a password. */
export function checkPasswordSecret(spec: PasswordSecretSpec): Problem[] {
  const problems: Problem[] = [];
  const { name, key, namespace } = readPasswordSecret("passwordSecret", spec, problems) ?? {};
  return [
    ...problems,
    ...problemsOf([
      objectNameRow("passwordSecret.name", name),
      {
        when: key !== undefined && !/^[-._a-zA-Z0-9]{1,253}$/.test(key),
        path: "passwordSecret.key",
        message: `must be letters, digits and -._, at most 253, as keys of Secrets are, got ${show(key)}`,
      },
      namespaceRow("passwordSecret.namespace", namespace),
    ]),
  ];
}
