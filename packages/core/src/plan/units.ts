import type { ClusterUnits, PlannedContainer, PlannedUnit } from "./types";

/** Units in a plan, or on a platform. */
type UnitsOf<Unit> = { [Kind in keyof ClusterUnits]: readonly Unit[] };

/** All units of a cluster, in the order of creation. */
export const unitsOf = <Unit>({ store, members, gateways, others }: UnitsOf<Unit>): Unit[] => [
  ...store,
  ...members,
  ...gateways,
  ...others,
];

export const containersOf = (units: readonly PlannedUnit[]): PlannedContainer[] =>
  units.flatMap(({ containers }) => containers);

/** Every plan has at least one member and one gateway. */
export function first<T>([one]: readonly T[]): T {
  if (one === undefined) throw new Error("the plan of a cluster has at least one member and one gateway");
  return one;
}
