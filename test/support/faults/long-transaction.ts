import { clientOf, reachedAt } from "../connect";
import type { WritersOptions } from "../writers";

/** Most of the default drain time, and far more than HAProxy needs to mark a server as down. */
const SECONDS = 6;

/** Starts a long transaction, which is open when this returns. */
export async function beginLong({
  uri,
  ca,
  addresses,
}: Pick<WritersOptions, "uri" | "ca" | "addresses">): Promise<{ committed: Promise<void> }> {
  const client = clientOf(uri, ca, reachedAt(uri, ca, addresses));
  client.on("error", () => undefined); // a cut connection shows in the current query
  await client.connect();
  await client.query("begin");
  await client.query("create table a_long_transaction ()");
  const committed = finish();
  committed.catch(() => undefined); // the error is reported where the transaction is awaited
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
