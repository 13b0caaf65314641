import { checkPassword } from "@pgharbor/core";
import type { Wrong } from "./existing-secret";

/** What stands at a key of a Secret, if it is fit to be a password. It is in no error. */
export function passwordIn(data: Record<string, string>, key: string, wrong: Wrong): string {
  const password = data[key];
  const keys = Object.keys(data).sort().join(", ") || "none";
  if (password === undefined) throw wrong(`has no key ${JSON.stringify(key)}, got ${keys}; give the key that it has`);
  const [problem] = checkPassword(password);
  if (problem !== undefined) throw wrong(`at the key ${JSON.stringify(key)} ${problem.message}; correct the Secret`);
  return password;
}
