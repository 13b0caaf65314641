import { makeVerifier } from "../../packages/sql/src";

/** A machine's own measure for what has many users: the seconds that a verifier for each takes, now. */
export async function secondsOfHashing(users: number): Promise<number> {
  const since = Date.now();
  await Promise.all(Array.from({ length: users }, (_, i) => makeVerifier(`password of ${i}`)));
  const seconds = (Date.now() - since) / 1000;
  process.stderr.write(`  ${users} verifiers: ${seconds.toFixed(2)} s\n`);
  return seconds;
}
