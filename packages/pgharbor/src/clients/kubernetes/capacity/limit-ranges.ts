import { type Explanation } from "@pgharbor/core";
import type { V1LimitRange, V1LimitRangeItem } from "@kubernetes/client-node";

import { itemsOf, sumOf, type ClaimDemand, type ContainerDemand, type PodDemand } from "./demand";
import { compareQuantities, quantityOf } from "./quantities";

/** Finds what the LimitRanges of a namespace refuse. The demands must already contain their defaults. */
export function limitRangeProblems(
  ranges: V1LimitRange[],
  demands: PodDemand[],
  claims: ClaimDemand[],
  namespace: string,
): Explanation[] {
  const found = demands.flatMap((demand) =>
    findingsOf(ranges, demand).map((one) => ({ ...one, path: `${demand.argument}.${one.resource}` })),
  );
  // Members have equal claims.
  const different = [...new Map(claims.map((claim) => [claim.sizeArgument, claim])).values()];
  const claimFindings = different.flatMap(({ size, what, sizeArgument: path }) =>
    itemsOf(ranges, "PersistentVolumeClaim").flatMap((item) =>
      findingsOfItem(item, { storage: size }, { storage: size }, what).map((one) => ({ ...one, path })),
    ),
  );
  return [...found, ...claimFindings].map(({ path, rule, value }) => ({
    path,
    problem: `does not fit a LimitRange of namespace ${namespace}: ${rule}`,
    value,
    fix: "request an amount that fits, or change the LimitRange",
  }));
}

const findingsOf = (ranges: V1LimitRange[], { what, containers }: PodDemand): Finding[] => [
  ...containers.flatMap((container) => [
    ...aboveOwnLimit(container, what),
    ...itemsOf(ranges, "Container").flatMap((item) =>
      findingsOfItem(item, container.requests, container.limits, `${container.name} of ${what}`),
    ),
  ]),
  ...itemsOf(ranges, "Pod").flatMap((item) =>
    findingsOfItem(item, total(containers, "requests"), total(containers, "limits"), what),
  ),
];

interface Finding {
  resource: string;
  rule: string;
  value: string;
}

function total(containers: ContainerDemand[], which: "requests" | "limits"): Record<string, string> {
  const resources = ["cpu", "memory"].filter((r) => containers.every((container) => container[which][r] !== undefined));
  return Object.fromEntries(resources.map((resource) => [resource, String(sumOf(containers, which, resource))]));
}

function findingsOfItem(
  { max = {}, min = {}, maxLimitRequestRatio = {} }: V1LimitRangeItem,
  requests: Record<string, string>,
  limits: Record<string, string>,
  what: string,
): Finding[] {
  const findings: Finding[] = [];
  for (const [resource, most] of Object.entries(max)) {
    const limit = limits[resource] ?? requests[resource];
    if (limit !== undefined && compareQuantities(limit, most) > 0)
      findings.push({ resource, rule: `at most ${most} of ${resource}`, value: `${limit} for ${what}` });
  }
  for (const [resource, least] of Object.entries(min)) {
    const request = requests[resource];
    if (request !== undefined && compareQuantities(request, least) < 0)
      findings.push({ resource, rule: `at least ${least} of ${resource}`, value: `${request} for ${what}` });
  }
  for (const [resource, ratio] of Object.entries(maxLimitRequestRatio)) {
    const [limit, request] = [limits[resource], requests[resource]];
    if (limit === undefined || request === undefined) continue;
    if (quantityOf(limit) > quantityOf(request) * quantityOf(ratio) + 1e-6) {
      const rule = `a limit of ${resource} at most ${ratio} times the request`;
      findings.push({ resource, rule, value: `${limit} and ${request} for ${what}` });
    }
  }
  return findings;
}

/** The API server refuses a pod whose default limit is less than the pod's request. */
const aboveOwnLimit = ({ name, requests, limits }: ContainerDemand, what: string): Finding[] =>
  Object.entries(requests)
    .filter(([resource, request]) => compareQuantities(request, limits[resource] ?? request) > 0)
    .map(([resource, request]) => {
      const rule = `a container without a limit of ${resource} gets ${limits[resource]}`;
      return { resource, rule, value: `${request} for ${name} of ${what}` };
    });
