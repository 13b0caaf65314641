import { problemsOf, show, type Problem } from "../../errors";

/** Majors that PostgreSQL's developers maintain, with the state of our image. */
const majors: Record<string, "image" | "none yet"> = {
  "18": "none yet",
  "17": "image",
  "16": "none yet",
  "15": "image",
};
export const supportedVersions = Object.keys(majors)
  .filter((major) => majors[major] === "image")
  .sort()
  .reverse();
const choices = supportedVersions.map((major) => `"${major}"`).join(" or ");

export function checkVersion(version: string | undefined): Problem[] {
  if (version === undefined || supportedVersions.includes(version)) return [];
  const path = "postgresVersion";
  const got = `got ${show(version)}; use ${choices}`;
  if (majors[version] === "none yet") return [{ path, message: `has no image yet, ${got}` }];
  const minor = /^(\d{2})\.\d{1,2}$/.exec(version)?.[1];
  return problemsOf([
    {
      when: minor !== undefined,
      path,
      message: `must be a major version; the image decides the minor, ${got}`,
    },
    {
      when: /^([1-9]|1[0-4])(\.\d+)*$/.test(version) && minor === undefined,
      path,
      message: `is no longer maintained by PostgreSQL's developers, ${got}`,
    },
    {
      when: !/^([1-9]|1[0-4])(\.\d+)*$/.test(version) && minor === undefined,
      path,
      message: `is not a known major version of PostgreSQL, ${got}`,
    },
  ]);
}
