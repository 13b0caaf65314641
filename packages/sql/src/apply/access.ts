import { Application } from "./application";
import { clusterNames } from "../catalog/names";
import { type AccessDocument } from "../desired/access";
import { type PlanOptions } from "../diff/context";
import { ApplyError, ExplainedError } from "../errors";
import type { Ownership } from "../ownership/ownership";
import { withRecorded } from "../diff/recorded";
import { readOwnership, renameDeclaration, withdrawContested } from "../ownership/store";
import { openRecord } from "../ownership/table";
import { maintenanceDatabase } from "./connect";
import { secretsOf } from "./passwords";
import { type AdminSession, withAdminConnection } from "./session";
import type { SqlTarget } from "./target";

/** Options of a declaration. */
export interface ApplyOptions extends Omit<PlanOptions, "made"> {
  /**
   * Name of the declaration in the ownership record. Only the declaration may change or drop what it created, and dropped entries are those
   * it created and no longer has. @default pgharbor
   */
  declaration?: string;
  /** The declaration's previous name, whose records are renamed. */
  formerDeclaration?: string;
  /**
   * Drops recorded objects of the declaration that neither document has, left by a failed run. Off for declarations of one object, because
   * Pulumi replaces such an object by creating the new one first. @default true
   */
  sweep?: boolean;
}

/** The result of a run. */
export interface ApplyResult {
  /** All statements in the order they ran, in display form. Empty if everything was as declared. */
  executed: string[];
}

/**
 * Changes the cluster to match `next`. Removes what `previous` declared and `next` does not, if it is recorded as this declaration's own;
 * touches nothing else. An ApplyError lists the statements that ran before it.
 */
export async function applyAccess(
  target: SqlTarget,
  previous: AccessDocument | undefined,
  next: AccessDocument,
  options: ApplyOptions = {},
): Promise<ApplyResult> {
  const { declaration = "pgharbor", formerDeclaration, sweep = true, ...plan } = options;
  // Kept across attempts, also without a record: objects created before the connection broke are the declaration's own.
  const made = new Set<string>();
  const executed: string[] = [];
  try {
    await withAdminConnection(target, async (session) => {
      await session.lock();
      const secrets = secretsOf(previous, next);
      const ownership = await openOwnership(session, [previous, next], declaration, formerDeclaration);
      const application = new Application(session, { ...plan, made }, declaration, made, executed, secrets);
      await application.run(sweep ? withRecorded(previous, next, ownership) : previous, next, ownership);
    });
  } catch (error) {
    throw error instanceof ExplainedError && executed.length > 0 ? new ApplyError(error, executed) : error;
  }
  return { executed };
}

/** Returns undefined if this admin cannot keep a record. */
async function openOwnership(
  { client, target }: AdminSession,
  docs: readonly (AccessDocument | undefined)[],
  declaration: string,
  former: string | undefined,
): Promise<Ownership | undefined> {
  if (!(await openRecord(client, maintenanceDatabase(target)))) return undefined;
  if (former !== undefined && former !== declaration) await renameDeclaration(client, former, declaration);
  await withdrawContested(client);
  return readOwnership(client, declaration, clusterNames(docs));
}
