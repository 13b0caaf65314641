import type { ClusterCatalog } from "../catalog/types";
import type { AccessDocument, UserEntry } from "../desired/access";
import type { Explanation } from "../errors";
import { makeVerifier, verifyPassword } from "../scram";

export interface ResolvedDocuments {
  previous: AccessDocument | undefined;
  next: AccessDocument;
}

/**
 * Replaces each password by a verifier: the stored one if it matches, so that nothing changes, else a new one. Afterwards the documents
 * contain no clear password that a planner could put into a statement.
 */
export async function resolvePasswords(
  previous: AccessDocument | undefined,
  next: AccessDocument,
  cluster: ClusterCatalog,
  problems: Explanation[],
): Promise<ResolvedDocuments> {
  const before: Record<string, UserEntry> = {};
  for (const [name, entry] of Object.entries(previous?.users ?? {})) before[name] = { ...entry, password: undefined };
  const users: Record<string, UserEntry> = {};
  await Promise.all(
    Object.entries(next.users ?? {}).map(async ([name, { password, ...entry }]) => {
      users[name] = entry;
      if (password === undefined) return;
      const problem = passwordProblem(name, password, entry);
      if (problem) return void problems.push(problem);
      const stored = cluster.roles.get(name)?.verifier;
      const fits = typeof stored === "string" && (await verifyPassword(password, stored));
      const passwordVerifier = fits ? stored : await makeVerifier(password);
      users[name] = { ...entry, passwordVerifier };
      // If the stored verifier is unreadable, an unchanged declaration counts as an unchanged password.
      if (previous?.users?.[name]?.password === password) before[name] = { ...before[name], passwordVerifier };
    }),
  );
  const ordered = Object.fromEntries(
    Object.keys(next.users ?? {}).flatMap((name) => {
      const user = users[name];
      return user === undefined ? [] : [[name, user]];
    }),
  );
  return { previous: previous && { ...previous, users: before }, next: { ...next, users: ordered } };
}

function passwordProblem(name: string, password: string, entry: UserEntry): Explanation | undefined {
  const path = `users.${name}.password`;
  if (entry.passwordVerifier !== undefined) {
    const problem = "give either a password or a passwordVerifier";
    return { path, problem, value: "both", fix: "leave one of them out" };
  }
  if (password === "")
    return {
      path,
      problem: "must not be empty",
      value: '""',
      fix: "give a password, or passwordVerifier: null for none",
    };
  if (password.includes("\0"))
    return { path, problem: "must not contain a NUL character", value: "one that does", fix: "remove it" };
  return undefined;
}

/** All secrets of these documents: passwords and verifiers. */
export function secretsOf(...docs: (AccessDocument | undefined)[]): string[] {
  return docs
    .flatMap((doc) => Object.values(doc?.users ?? {}))
    .flatMap((u) => [u.password, u.passwordVerifier])
    .filter((s): s is string => typeof s === "string");
}
