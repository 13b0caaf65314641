import { makeVerifier } from "../../packages/sql/src";

/** Measures this machine: the seconds that a verifier for each of many users takes now. */
export async function secondsOfHashing(users: number): Promise<number> {
  const since = Date.now();
  await Promise.all(Array.from({ length: users }, (_, i) => makeVerifier(`password of ${i}`)));
  const seconds = (Date.now() - since) / 1000;
  process.stderr.write(`  ${users} verifiers: ${seconds.toFixed(2)} s\n`);
  return seconds;
}
