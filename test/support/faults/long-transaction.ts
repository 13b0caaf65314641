import { clientOf, reachedAt } from "../connect";
import type { WritersOptions } from "../writers";

/** Most of the time that a drain gives, by default; far more than HAProxy takes to call a server dead. */
const SECONDS = 6;

/** A transaction that is under way when this returns, and takes its time. */
export async function beginLong({
  uri,
  ca,
  addresses,
}: Pick<WritersOptions, "uri" | "ca" | "addresses">): Promise<{ committed: Promise<void> }> {
  const client = clientOf(uri, ca, reachedAt(uri, ca, addresses));
  client.on("error", () => undefined); // a cut connection shows in the query that was under way
  await client.connect();
  await client.query("begin");
  await client.query("create table a_long_transaction ()");
  const committed = finish();
  committed.catch(() => undefined); // told where it is waited for
  return { committed };

  async function finish(): Promise<void> {
    try {
      await client.query(`select pg_sleep(${SECONDS})`);
      await client.query("drop table a_long_transaction");
      await client.query("commit");
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
