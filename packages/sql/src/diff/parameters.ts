import type { ParameterValue } from "../desired/role";
import { parameterName, parameterValue, sameParameter } from "../quote";

const lower = (record: Record<string, ParameterValue> | undefined): Map<string, ParameterValue> =>
  new Map(Object.entries(record ?? {}).map(([name, value]) => [name.toLowerCase(), value]));

/** The SET and RESET clauses that turn the stored parameters into the declared ones. Ignores undeclared names. */
export function parameterChanges(
  previous: Record<string, ParameterValue> | undefined,
  next: Record<string, ParameterValue> | undefined,
  stored: Record<string, string>,
): string[] {
  const [before, wanted] = [lower(previous), lower(next)];
  const clauses: string[] = [];
  for (const [name, value] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (stored[name] !== undefined && sameParameter(name, stored[name], value)) continue;
    clauses.push(`SET ${parameterName(name)} TO ${parameterValue(name, value)}`);
  }
  for (const name of [...before.keys()].sort()) {
    if (!wanted.has(name) && stored[name] !== undefined) clauses.push(`RESET ${parameterName(name)}`);
  }
  return clauses;
}
