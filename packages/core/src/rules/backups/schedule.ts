import { CronExpressionParser } from "cron-parser";
import { problemsOf, show, under, type Problem, type Row } from "../../errors";
import type { Read } from "../../read/read";
import type { BackupProofSpec, BackupScheduleSpec } from "../../spec";

const types = ["full", "differential", "incremental"] as const;
/** Only what every cron knows: no seconds, no `@daily`, no `L`, `W` or `#`. */
const field = "(?:[\\d*/,-]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|SUN|MON|TUE|WED|THU|FRI|SAT)+";
const fiveFields = new RegExp(`^${field}(?: +${field}){4}$`, "i");

export function checkSchedule(path: string, schedule: Read<BackupScheduleSpec> = {}): Problem[] {
  const { timeZone } = schedule;
  return problemsOf([
    ...types.map((type) => {
      const expression = schedule[type];
      return {
        when: expression !== undefined && (type === "full" || expression !== "") && !isCron(expression),
        path: under(path, type),
        message: `must be a cron expression of five fields such as "0 1 * * 0", got ${show(expression)}`,
      };
    }),
    timeZoneRow(under(path, "timeZone"), timeZone),
  ]);
}

export function checkProof(path: string, { schedule, timeZone }: Read<BackupProofSpec> = {}): Problem[] {
  return problemsOf([
    {
      when: schedule !== undefined && schedule !== "" && !isCron(schedule),
      path: under(path, "schedule"),
      message: `must be a cron expression of five fields such as "0 4 * * 0", or "" for never, got ${show(schedule)}`,
    },
    timeZoneRow(under(path, "timeZone"), timeZone),
  ]);
}

const timeZoneRow = (path: string, timeZone: string | undefined): Row => ({
  when: timeZone !== undefined && !isTimeZone(timeZone),
  path,
  message: `must be the IANA name of a time zone such as "Europe/Berlin", got ${show(timeZone)}`,
});

function isCron(text: string): boolean {
  if (!fiveFields.test(text)) return false;
  try {
    // A day that never comes, such as 31 February, throws too.
    CronExpressionParser.parse(text).next();
    return true;
  } catch {
    return false;
  }
}

/** `Intl` also knows offsets such as "+02:00", which Python does not. */
function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][\w/+-]*$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
