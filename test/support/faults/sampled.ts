import { MemberSampler, type Samples } from "../member-sampler";
import type { WritersReport } from "../writers";
import { during, type UnderFaults } from "./fault-test";

/** Like `during`. Meanwhile every member is asked directly whether it accepts writes. */
export async function sampledDuring(
  under: UnderFaults,
  event: string,
  happen: () => Promise<void>,
): Promise<{ samples: Samples; report: WritersReport }> {
  const { cluster } = under;
  const { direct, ca } = cluster.connection();
  const sampler = await MemberSampler.start({ uri: direct, ca }, await cluster.addresses());
  let samples: Samples | undefined;
  const report = await during(under, event, happen).finally(async () => (samples = await sampler.stop()));
  process.stderr.write(
    `  ${samples!.taken} samples; acknowledged by ${samples!.writable.join(", then ")}; ${samples!.lost} of theirs lost\n`,
  );
  return { samples: samples!, report };
}

/** Asserts that no acknowledged write is lost, and that two members never acknowledged at the same time. */
export function expectOnePrimary(samples: Samples): void {
  expect(samples.lost).toBe(0);
  expect(samples.beside).toEqual([]);
}
