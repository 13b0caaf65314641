import { problemsOf, show, under, type Problem } from "../../errors";
import { storeTypes } from "../../model/credentials";
import type { Read } from "../../read/read";
import type { ClusterSpec, RestoreSpec } from "../../spec";
import { DNS_LABEL, isDnsLabel } from "../shared/patterns";
import { checkObjectStore, checkPlace } from "./object-store";

const path = "restore";
const targets = ["time", "lsn", "xid", "name", "immediate"] as const;

/** PostgreSQL limits names of restore points to 63 bytes; a quote would end the value in a configuration file. */
const forms = {
  time: {
    pattern: /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}(:?\d{2})?)$/,
    form: 'an instant with its time zone such as "2026-11-28T21:00:00Z"',
  },
  lsn: { pattern: /^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/i, form: 'a position in the WAL such as "0/3000148"' },
  xid: { pattern: /^\d{1,10}$/, form: 'the id of a transaction such as "7423"' },
  name: { pattern: /^[\w.:@ -]{1,63}$/, form: "the name of a restore point: letters, digits and _.:@- and spaces" },
  set: {
    pattern: /^\d{8}-\d{6}F(_\d{8}-\d{6}[DI])?$/,
    form: 'the label of a backup such as "20261128-210000F"',
  },
} as const;

export function checkRestore({ restore }: Read<ClusterSpec>): Problem[] {
  if (restore === undefined) return [];
  return [
    ...checkPoint(restore),
    ...checkPlace(path, restore, ["repository", ...storeTypes], 0),
    ...checkObjectStore(path, restore),
  ];
}

function checkPoint(restore: Read<RestoreSpec>): Problem[] {
  const given = targets.filter((field) => restore[field] !== undefined && restore[field] !== false);
  return problemsOf([
    ...(["cluster", "repository"] as const).map((field) => ({
      when: restore[field] !== undefined && !isDnsLabel(restore[field]),
      path: under(path, field),
      message: `${DNS_LABEL}, got ${show(restore[field])}`,
    })),
    {
      when: given.length > 1,
      path,
      message: `must have at most one of ${targets.join(", ")}, got ${given.join(" and ")}; leave all but one out`,
    },
    ...(Object.keys(forms) as (keyof typeof forms)[]).map((field) => ({
      when: restore[field] !== undefined && !forms[field].pattern.test(restore[field]),
      path: under(path, field),
      message: `must be ${forms[field].form}, got ${show(restore[field])}`,
    })),
    {
      when: restore.time !== undefined && forms.time.pattern.test(restore.time) && isNoDate(restore.time),
      path: under(path, "time"),
      message: `must be an instant that exists, got ${show(restore.time)}`,
    },
  ]);
}

const isNoDate = (time: string): boolean => Number.isNaN(Date.parse(time.slice(0, 19).replace(" ", "T") + "Z"));
