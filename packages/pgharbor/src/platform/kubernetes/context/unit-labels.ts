import { first, labelKeys, required, type PlannedUnit } from "@pgharbor/core";
import type { KubernetesContext } from "./context";
import { labelsOf, selectorOf, type Labels } from "./metadata";

const roleOf = ({ name, containers }: PlannedUnit): string =>
  required(first(containers).labels[labelKeys.role], `the role of ${name}`);

/** Finds the pod of a unit that is neither a member nor a gateway. */
export const unitSelector = (context: KubernetesContext, unit: PlannedUnit): Labels => ({
  ...selectorOf(context, roleOf(unit)),
  [labelKeys.unit]: unit.name,
});

export const unitLabels = (context: KubernetesContext, unit: PlannedUnit): Labels =>
  labelsOf(context, roleOf(unit), { [labelKeys.unit]: unit.name });
