import { Spread, type SchedulingSpec, type TolerationSpec } from "../../spec";
import { checkLabels, isLabelValue, isQualifiedName, LABEL_VALUE, objectNameRow, QUALIFIED_NAME } from "./names";
import { problemsOf, show, under, type Problem, type Row } from "../../errors";
import type { Read } from "../../read/read";

export function checkScheduling(at: string, scheduling: Read<SchedulingSpec> = {}): Problem[] {
  const { spread, topologyKey, nodeSelector, tolerations = [], priorityClass } = scheduling;
  return [
    ...problemsOf([
      {
        when: topologyKey !== undefined && !isQualifiedName(topologyKey),
        path: `${at}.topologyKey`,
        message: `${QUALIFIED_NAME}, got ${show(topologyKey)}`,
      },
      {
        when: topologyKey !== undefined && spread === Spread.None,
        path: `${at}.topologyKey`,
        message: `has no effect with spread "none", got ${show(topologyKey)}; leave one of them out`,
      },
      objectNameRow(`${at}.priorityClass`, priorityClass),
    ]),
    ...checkLabels(`${at}.nodeSelector`, nodeSelector),
    ...tolerations.flatMap((toleration, i) =>
      toleration === undefined ? [] : problemsOf(tolerationRows(under(`${at}.tolerations`, i), toleration)),
    ),
  ];
}

/** The same rules as `validateTolerations` of Kubernetes' API server. */
function tolerationRows(at: string, toleration: Read<TolerationSpec>): Row[] {
  const { key, operator = "Equal", value, effect, tolerationSeconds } = toleration;
  const exists = operator === "Exists";
  return [
    {
      when: key !== undefined && !isQualifiedName(key),
      path: `${at}.key`,
      message: `${QUALIFIED_NAME}, got ${show(key)}`,
    },
    {
      when: key === undefined && !exists,
      path: `${at}.key`,
      message:
        'is missing: only operator "Exists" can do without, and tolerates every taint; give the key of the taint',
    },
    {
      when: exists && value !== undefined && value !== "",
      path: `${at}.value`,
      message: `has no effect with operator "Exists", got ${show(value)}; use operator "Equal" or leave it out`,
    },
    {
      when: !exists && value !== undefined && !isLabelValue(value),
      path: `${at}.value`,
      message: `${LABEL_VALUE}, got ${show(value)}`,
    },
    {
      when: tolerationSeconds !== undefined && effect !== "NoExecute",
      path: `${at}.tolerationSeconds`,
      message: `applies only with effect "NoExecute", got ${tolerationSeconds}; set that effect or leave it out`,
    },
  ];
}
