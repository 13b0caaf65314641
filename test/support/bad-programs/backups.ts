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
    name: "too many repositories",
    spec: withBackups({
      repositories: Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, { volume: {} }])),
    }),
    problems: [{ path: "backups.repositories", message: "must have at most 4 repositories, got 5" }],
  },
  {
    name: "a repository that is nowhere",
    spec: withRepository({}),
    problems: [
      { path: at, message: "must have one of volume, s3, gcs, azure, got none; `volume: {}` has all defaults" },
    ],
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
    name: "a repository in two places",
    spec: withRepository({ volume: {}, s3: { bucket: "backups", region: "eu-central-1" } }),
    problems: [
      { path: at, message: "must have only one of volume, s3, gcs, azure, got volume and s3; leave all but one out" },
    ],
  },
  {
    name: "an object store that is a URL, without a region, whose authority is a path",
    spec: withRepository({
      s3: { bucket: "s3://backups", endpoint: "https://minio:9000", path: "backups/../etc", ca: "/etc/ssl/ca.crt" },
    }),
    problems: [
      { path: `${at}.s3.region`, message: "is missing; it has no default" },
      { path: `${at}.s3.bucket`, message: 'must be the name of a bucket, without `s3://`, got "s3://backups"' },
      {
        path: `${at}.s3.path`,
        message: 'must be a folder from the root such as "/backups/shop", got "backups/../etc"',
      },
      {
        path: `${at}.s3.ca`,
        message: 'must be a certificate in PEM, which begins with -----BEGIN CERTIFICATE-----, got "/etc/ssl/ca.crt"',
      },
      {
        path: `${at}.s3.endpoint`,
        message:
          'must be a host, or a host and a port such as "minio.example.com:9000", without https://, got "https://minio:9000"',
      },
    ],
  },
  {
    name: "a storage account with a line of its own",
    spec: withRepository({ azure: { account: "shop\nrepo1-path=/etc", container: "Backups", uriStyle: "both" } }),
    problems: [
      { path: `${at}.azure.uriStyle`, message: 'must be one of host, path, got "both"' },
      { path: `${at}.azure.container`, message: 'must be the name of a container, got "Backups"' },
      {
        path: `${at}.azure.account`,
        message:
          'must be the name of a storage account: 3 to 24 lower-case letters and digits, got "shop\\nrepo1-path=/etc"',
      },
    ],
  },
  {
    name: "two repositories in one folder of a bucket",
    spec: withBackups({ repositories: { one: { gcs: { bucket: "backups" } }, two: { gcs: { bucket: "backups" } } } }),
    problems: [
      {
        path: "backups.repositories.two",
        message: "has the bucket and the path of another repository; give it a `path` of its own",
      },
    ],
  },
  {
    name: "a size of a volume on Docker",
    spec: withRepository({ volume: { size: "10GB", storageClass: "fast" } }),
    problems: [
      { path: `${at}.volume.size`, message: "applies only on Kubernetes; leave it out" },
      { path: `${at}.volume.storageClass`, message: "applies only on Kubernetes; leave it out" },
    ],
  },
  {
    name: "a repository's volume on Kubernetes that is none",
    spec: { kubernetes: {}, backups: { repositories: { local: { volume: { size: "10", storageClass: "Fast" } } } } },
    problems: [
      { path: `${at}.volume.size`, message: 'must be a size with its unit, at least 1GB, got "10"' },
      {
        path: `${at}.volume.storageClass`,
        message:
          'must be lower-case letters, digits, hyphens and dots, a letter or digit first and last, at most 253, got "Fast"',
      },
    ],
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
    name: "a restore from a volume and a bucket",
    spec: { docker: {}, restore: { cluster: "shop", repository: "local", gcs: { bucket: "backups" } } },
    problems: [
      {
        path: "restore",
        message: "must have only one of repository, s3, gcs, azure, got repository and gcs; leave all but one out",
      },
    ],
  },
];
