import { MemberSampler, type SampledMember, type Samples } from "../member-sampler";
import type { WritersOptions, WritersReport } from "../writers";
import { during, type UnderFaults, type Watched } from "./fault-test";

/** A cluster on any platform whose members can be asked directly. */
interface Sampled extends Watched {
  connection(): Pick<WritersOptions, "direct" | "ca" | "addresses">;
  addresses(): Promise<SampledMember[]>;
}

/** Like `during`. Meanwhile every member is asked directly whether it accepts writes. */
export async function sampledDuring(
  under: UnderFaults<Sampled>,
  event: string,
  happen: () => Promise<void>,
): Promise<{ samples: Samples; report: WritersReport }> {
  const { cluster } = under;
  const { direct, ca, addresses } = cluster.connection();
  const sampler = await MemberSampler.start({ uri: direct, ca, addresses }, await cluster.addresses());
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
