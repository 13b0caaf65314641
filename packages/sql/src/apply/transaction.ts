import type { Client } from "pg";
import type { PlanContext } from "../diff/context";
import type { Statement } from "../statement";

/** Runs statements in one transaction, and `also` at its end. */
export type Transaction = (
  ctx: PlanContext,
  client: Client,
  statements: readonly Statement[],
  also?: () => Promise<void>,
) => Promise<void>;
