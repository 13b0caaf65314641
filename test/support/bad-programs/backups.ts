import type { BadCluster } from "./types";

const withBackups = (backups: unknown) => ({ docker: {}, backups });
const withRepository = (repository: unknown) => withBackups({ repositories: { local: repository } });
const at = "backups.repositories.local";

export const badBackups: BadCluster[] = [
  {
    name: "backups without repositories",
    spec: withBackups({}),
    problems: [{ path: "backups.repositories", message: "is missing; it has no default" }],
  },
  {
    name: "no repository",
    spec: withBackups({ repositories: {} }),
    problems: [
      {
        path: "backups.repositories",
        message: "must have 1 to 4 repositories, got 0; leave `backups` out for none",
      },
    ],
  },
  {
    name: "a repository that is nowhere",
    spec: withRepository({}),
    problems: [{ path: at, message: "must have a `volume`, {} for one with all defaults" }],
  },
  {
    name: "a repository with capitals",
    spec: withBackups({ repositories: { Local: { volume: {} } } }),
    problems: [
      {
        path: "backups.repositories.Local",
        message:
          'the name must be lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 63, got "Local"',
      },
    ],
  },
  {
    name: "schedules that no cron knows, and a time zone that is an offset",
    spec: withRepository({
      volume: {},
      schedule: { full: "@daily", differential: "0 0 1 * * *", incremental: "0 0 31 2 *", timeZone: "+02:00" },
    }),
    problems: [
      {
        path: `${at}.schedule.full`,
        message: 'must be a cron expression of five fields such as "0 1 * * 0", got "@daily"',
      },
      {
        path: `${at}.schedule.differential`,
        message: 'must be a cron expression of five fields such as "0 1 * * 0", got "0 0 1 * * *"',
      },
      {
        path: `${at}.schedule.incremental`,
        message: 'must be a cron expression of five fields such as "0 1 * * 0", got "0 0 31 2 *"',
      },
      {
        path: `${at}.schedule.timeZone`,
        message: 'must be the IANA name of a time zone such as "Europe/Berlin", got "+02:00"',
      },
    ],
  },
  {
    name: "no full backups",
    spec: withRepository({ volume: {}, schedule: { full: "" } }),
    problems: [
      { path: `${at}.schedule.full`, message: 'must be a cron expression of five fields such as "0 1 * * 0", got ""' },
    ],
  },
  {
    name: "two retentions",
    spec: withRepository({ volume: {}, retention: { full: 2, days: 14 } }),
    problems: [
      {
        path: `${at}.retention`,
        message: "must have `full` or `days`, not both, got 2 and 14; leave one out",
      },
    ],
  },
  {
    name: "a queue as large as the disk",
    spec: withBackups({ repositories: { local: { volume: {} } }, archiveQueue: "8GB", recoveryPoint: 5 }),
    problems: [
      { path: "backups.recoveryPoint", message: "must be a whole number from 10 to 3600, got 5" },
      {
        path: "backups.archiveQueue",
        message: 'must be less than resources.disk (8GB), on which the WAL waits, got "8GB"',
      },
    ],
  },
  {
    name: "a queue that is no size",
    spec: withBackups({ repositories: { local: { volume: {} } }, archiveQueue: "much" }),
    problems: [
      {
        path: "backups.archiveQueue",
        message: 'must be a size with its unit, from 64MB to 1TB, got "much"',
      },
    ],
  },
  {
    name: "backups on Kubernetes",
    spec: { kubernetes: {}, backups: { repositories: { local: { volume: {} } } } },
    problems: [{ path: "backups", message: "are only possible on Docker so far; leave it out on Kubernetes" }],
  },
  {
    name: "a restore from nowhere, to a time without a zone",
    spec: { docker: {}, restore: { time: "2026-11-28 21:00:00" } },
    problems: [
      { path: "restore.cluster", message: "is missing; it has no default" },
      {
        path: "restore.time",
        message: 'must be an instant with its time zone such as "2026-11-28T21:00:00Z", got "2026-11-28 21:00:00"',
      },
    ],
  },
  {
    name: "a restore to two points, one of which ends its line",
    spec: { docker: {}, restore: { cluster: "shop", lsn: "0/3000148", name: "a'\nb" } },
    problems: [
      {
        path: "restore",
        message: "must have at most one of time, lsn, xid, name, immediate, got lsn and name; leave all but one out",
      },
      {
        path: "restore.name",
        message: 'must be the name of a restore point: letters, digits and _.:@- and spaces, got "a\'\\nb"',
      },
    ],
  },
  {
    name: "a restore to a day that does not exist, from a label that is none",
    spec: { docker: {}, restore: { cluster: "shop", time: "2026-13-28T21:00:00Z", set: "latest" } },
    problems: [
      {
        path: "restore.set",
        message: 'must be the label of a backup such as "20261128-210000F", got "latest"',
      },
      { path: "restore.time", message: 'must be an instant that exists, got "2026-13-28T21:00:00Z"' },
    ],
  },
  {
    name: "a restore on Kubernetes",
    spec: { kubernetes: {}, restore: { cluster: "shop" } },
    problems: [{ path: "restore", message: "is only possible on Docker so far; leave it out on Kubernetes" }],
  },
];
