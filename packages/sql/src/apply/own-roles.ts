import { required } from "@pgharbor/core";
import type { PlanContext } from "../diff/context";
import { ExplainedError } from "../errors";
import { releaseObjects } from "../ownership/store";
import { isHeld } from "./transient";
import { dropRoles } from "./leave";
import { lockOut } from "./lock-out";
import type { AdminSession } from "./session";
import type { Transaction } from "./transaction";

/** Drops a role of pgharbor's own. A role that cannot be dropped is reported, but blocks nothing: it has no rights and no login. */
export async function dropOwnRole(
  session: AdminSession,
  ctx: PlanContext,
  { kind, name }: { kind: "heir" | "login"; name: string },
  transaction: Transaction,
): Promise<void> {
  try {
    if (kind === "login") await lockOut(session, ctx, [name], transaction);
    await dropRoles(session, ctx, [name], transaction);
    await releaseObjects(session.client, required(ctx.ownership, "the record of ownership").declaration, kind, [name]);
  } catch (error) {
    if (!(error instanceof ExplainedError) && !isHeld(error)) throw error;
    const { message } = error as Error;
    session.progress(`role ${name}, which is of no use any more and has no rights, is not dropped: ${message}`);
  }
}
