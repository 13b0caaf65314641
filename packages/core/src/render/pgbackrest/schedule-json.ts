import type { ResolvedBackups } from "../../model/types";
import { toJson } from "../text/json";

/** backups.json: what `pgharbor-backups` takes, and when. */
export const renderScheduleJson = ({ stanza, repositories, proof }: ResolvedBackups): string =>
  toJson({
    stanza,
    repositories: repositories.map(({ name, number, reuse, schedule, timeZone }) => ({
      name,
      number,
      reuse,
      schedule: { ...schedule },
      timeZone,
    })),
    ...(proof === undefined ? {} : { proof: { ...proof } }),
  });
