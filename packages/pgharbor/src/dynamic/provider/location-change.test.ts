import { memberReady } from "../members/member-ready";
import { membership } from "../members/membership";
import { patroni } from "../patroni/patroni";
import { patroniStore } from "../store/patroni-store";
import { primaryPlacement } from "../patroni/primary-placement";

const kubernetes = { namespace: "shop" };
const cases = [
  ["Patroni", patroni, { cluster: "shop", members: ["m1"], config: { ttl: 20 } }],
  ["PrimaryPlacement", primaryPlacement, { cluster: "shop", members: [], memberTemplate: { image: "a" } }],
  ["Membership", membership, { cluster: "shop", member: "m1", before: ["m0"] }],
  ["MemberReady", memberReady, { cluster: "shop", member: "shop-m1-0/patroni", statefulSet: "shop-m1", version: {} }],
  ["PatroniStore", patroniStore, { cluster: "shop" }],
] as const;

describe.each(cases)("%s", (_kind, handler, inputs) => {
  const changes = async (olds: object, news: object) =>
    (await handler.diff("", { engine: "", ...inputs, ...olds } as never, { engine: "", ...inputs, ...news } as never))
      .changes;

  it("is unchanged for a state without a location on Kubernetes", async () => {
    expect(await changes({}, {})).toBe(false);
  });

  it("changes with the location, not with the credentials", async () => {
    expect(await changes({}, { kubernetes })).toBe(true);
    expect(await changes({ kubernetes }, { kubernetes: { ...kubernetes, context: "other" } })).toBe(true);
    expect(await changes({ kubernetes, kubeconfig: "a" }, { kubernetes, kubeconfig: "b" })).toBe(false);
  });
});
