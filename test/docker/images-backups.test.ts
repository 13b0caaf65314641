import { ImageContainer } from "../support/image-container";

/** How the image decides which backup is due, and which WAL a promoted member looks for in the archive. */
jest.setTimeout(300_000);

let container: ImageContainer;
beforeAll(async () => {
  container = await ImageContainer.start({ image: "postgres", program: "backups" });
});
afterAll(() => container?.remove());

/** Runs Python of the image with its packages, and returns what it prints as JSON. */
async function python<T>(code: string): Promise<T> {
  const source = `import sys, json; sys.path.insert(0, "/usr/local/lib/pgharbor")\n${code}`;
  return JSON.parse(await container.read("python3", "-c", source)) as T;
}

const at = (time: string): number => Date.parse(time) / 1000;
const WEEKLY = { full: "0 1 * * 0", diff: "0 1 * * 1-6" };
// 29 November 2026 is a Sunday.
interface Case {
  name: string;
  now: string;
  taken: Partial<Record<"full" | "diff" | "incr", string>>;
  schedule?: Record<string, string>;
  zone?: string;
  due: string | null;
}
const cases: Case[] = [
  { name: "nothing was ever taken", now: "2026-11-24T12:00:00Z", taken: {}, due: "full" },
  {
    name: "a full one was taken since",
    now: "2026-11-29T12:00:00Z",
    taken: { full: "2026-11-29T01:00:05Z" },
    due: null,
  },
  {
    name: "the full one was missed",
    now: "2026-11-30T00:30:00Z",
    taken: { full: "2026-11-22T01:00:05Z", diff: "2026-11-28T01:00:05Z" },
    due: "full",
  },
  {
    name: "a minute before it is due",
    now: "2026-11-29T00:59:00Z",
    taken: { full: "2026-11-22T01:00:05Z", diff: "2026-11-28T01:00:05Z" },
    due: null,
  },
  {
    name: "the second at which it is due",
    now: "2026-11-29T01:00:00Z",
    taken: { full: "2026-11-22T01:00:05Z", diff: "2026-11-28T01:00:05Z" },
    due: "full",
  },
  {
    name: "a differential one is due",
    now: "2026-11-30T02:00:00Z",
    taken: { full: "2026-11-29T01:00:05Z" },
    due: "diff",
  },
  {
    name: "a full one by hand is as good as a differential one",
    now: "2026-11-30T02:00:00Z",
    taken: { full: "2026-11-30T01:30:00Z" },
    due: null,
  },
  {
    name: "an incremental one is due after a differential one",
    now: "2026-11-30T06:30:00Z",
    taken: { full: "2026-11-29T01:00:05Z", diff: "2026-11-30T01:00:05Z" },
    schedule: { ...WEEKLY, incr: "0 */6 * * *" },
    due: "incr",
  },
  {
    name: "one o'clock in Berlin is midnight in UTC",
    now: "2026-11-29T00:30:00Z",
    taken: { full: "2026-11-22T00:00:05Z", diff: "2026-11-28T00:00:05Z" },
    zone: "Europe/Berlin",
    due: "full",
  },
  {
    name: "an hour that summer time leaves out",
    now: "2026-03-29T12:00:00Z",
    taken: { full: "2026-03-22T01:30:05Z" },
    schedule: { full: "30 2 * * 0" },
    zone: "Europe/Berlin",
    due: "full",
  },
];

test.each(cases)("which backup is due: $name", async ({ now, taken, schedule = WEEKLY, zone = "UTC", due }) => {
  const times = Object.fromEntries(Object.entries(taken).map(([type, time]) => [type, at(time)]));
  const found = await python(`
from backups.schedule import due_type, repository
one = repository({"name": "local", "number": 1, "reuse": False, "schedule": json.loads('${JSON.stringify(schedule)}'), "timeZone": "${zone}"})
print(json.dumps(due_type(one, json.loads('${JSON.stringify(times)}'), ${at(now)})))`);
  expect(found).toBe(due);
});

test("which WAL files a promoted member takes for received from the former primary", async () => {
  const [a, b, c] = ["0A", "0B", "0C"].map((end) => `0000000100000000000000${end}`);
  const statuses = [`${b}.done`, `${a}.done`, `${c}.ready`, `${c}.00000028.backup.done`, "00000002.history.done"];
  const found = await python(`
from backups.unarchived import segments_marked_done
print(json.dumps(segments_marked_done(${JSON.stringify(statuses)})))`);
  expect(found).toEqual([a, b]);
});

test("a backup is taken in each repository that can be used, whatever is wrong with another one", async () => {
  const repo = (key: number, code: number) => ({ key, status: { code, message: "" } });
  // Ok, no stanza yet, no backup yet, no answer.
  const info = { repo: [repo(1, 0), repo(2, 1), repo(3, 2), repo(4, 99)] };
  const usable = await python(`
from backups import status
info = json.loads('${JSON.stringify(info)}')
print(json.dumps([number for number in (1, 2, 3, 4) if status.is_usable(info, number)]))`);
  expect(usable).toEqual([1, 3]);
});
