import { withMoreUnits } from "../../../../test/support/more-units";
import type { ClusterSpec } from "../spec";
import { planCluster } from "./cluster-plan";
import type { ClusterPlan } from "./types";
import { containersOf, sidecarsOf, unitsOf } from "./units";

const specs: Record<string, ClusterSpec> = {
  docker: { docker: {}, members: 2 },
  kubernetes: { kubernetes: {}, members: 2 },
};

describe.each(Object.entries(specs))("on %s", (_, spec) => {
  const before = planCluster("shop", spec);
  const plan = withMoreUnits(before);
  const namesOf = (of: ClusterPlan) => containersOf(unitsOf(of)).map(({ name }) => name);
  const more = ["shop-m1-exporter", "shop-m2-exporter", "shop-backup"];

  test("a container beside a member is planned with it, and no gateway has it", () => {
    expect(plan.members.map(({ containers }) => containers.map(({ name }) => name))).toEqual([
      ["shop-m1", "shop-m1-exporter"],
      ["shop-m2", "shop-m2-exporter"],
    ]);
    expect(plan.members.map((unit) => sidecarsOf(unit).map(({ name }) => name))).toEqual([
      ["shop-m1-exporter"],
      ["shop-m2-exporter"],
    ]);
    expect(plan.gateways).toEqual(before.gateways);
    expect(plan.gateways.flatMap(sidecarsOf)).toEqual([]);
  });

  test("a unit that is neither a member nor a gateway is planned last", () => {
    expect(unitsOf(plan).map(({ name }) => name)).toEqual([...unitsOf(before).map(({ name }) => name), "shop-backup"]);
  });

  test("the plan adds their parts once, and keeps all others", () => {
    expect(namesOf(plan).sort()).toEqual([...namesOf(before), ...more].sort());
    const identities = (of: ClusterPlan) => of.identities.map(({ name, authority }) => `${name} ${authority}`);
    expect(identities(plan).sort()).toEqual(
      [
        ...identities(before),
        ...["shop-m1-exporter-identity checks", "shop-m2-exporter-identity checks", "shop-backup-identity members"],
      ].sort(),
    );
    // They terminate no client's TLS.
    expect(plan.certificates).toEqual(before.certificates);
  });
});
