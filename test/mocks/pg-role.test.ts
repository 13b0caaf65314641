import {
  pgRole,
  withExpiry,
  withoutExpiry,
  type PgRoleInputs,
  type PgRoleOutputs,
} from "../../packages/pgharbor/src/dynamic/sql/pg-role";

const server = { target: "shop", host: "h", port: 1, username: "admin", database: "postgres", caCertificate: "ca" };
const inputs = (more: Partial<PgRoleInputs> = {}): PgRoleInputs => ({
  server,
  adminPassword: "a",
  declaration: "urn",
  role: { name: "app", login: true },
  password: "p",
  ...more,
});
const made = (more: Partial<PgRoleInputs> = {}, at = "2026-01-31T23:30:00Z") =>
  withExpiry(inputs(more), undefined, new Date(at));
const later = new Date("2026-06-01T00:00:00Z");
const changes = async (olds: PgRoleOutputs, news: PgRoleInputs) => (await pgRole.diff("app", olds, news)).changes;

test.each([
  [1, "2026-02-01"],
  [30, "2026-03-02"],
  [365, "2027-01-31"],
])("%d days from when it is made is a date of UTC", (expireIn, date) => {
  expect(made({ expireIn }).expiresAt).toBe(date);
});

test("without days there is no date", () => {
  expect(made()).not.toHaveProperty("expiresAt");
  const role = { name: "app", validUntil: "2027-01-31" };
  expect(made({ role }).role).toEqual(role);
});

test("the same program later shows no change", async () => {
  expect(await changes(made(), inputs())).toBe(false);
  expect(await changes(made({ expireIn: 30 }), inputs({ expireIn: 30 }))).toBe(false);
});

test("other days are a change, and so is none, or some where there were none", async () => {
  expect(await changes(made({ expireIn: 30 }), inputs({ expireIn: 31 }))).toBe(true);
  expect(await changes(made({ expireIn: 30 }), inputs())).toBe(true);
  expect(await changes(made(), inputs({ expireIn: 30 }))).toBe(true);
  expect(await changes(made(), inputs({ password: "q" }))).toBe(true);
});

test("a change of something else keeps the date, one of the days makes another", () => {
  const olds = made({ expireIn: 30 });
  expect(withExpiry(inputs({ expireIn: 30, password: "q" }), olds, later).expiresAt).toBe("2026-03-02");
  expect(withExpiry(inputs({ expireIn: 31 }), olds, later).expiresAt).toBe("2026-07-02");
  expect(withExpiry(inputs(), olds, later)).not.toHaveProperty("expiresAt");
});

test.each(["2026-04-01T00:00:00.000Z", null])(
  "the date on the server is %p instead: a change, back to ours",
  async (validUntil) => {
    const olds = made({ expireIn: 30 });
    const read = (found: string | null | undefined): PgRoleOutputs => ({
      ...olds,
      role: withoutExpiry({ ...olds.role, validUntil: found }, olds.expiresAt),
    });
    expect(await changes(read(olds.expiresAt), inputs({ expireIn: 30 }))).toBe(false);
    expect(await changes(read(validUntil), inputs({ expireIn: 30 }))).toBe(true);
    expect(withExpiry(inputs({ expireIn: 30 }), read(validUntil), later).expiresAt).toBe("2026-03-02");
  },
);

test("another name replaces", async () => {
  expect(await pgRole.diff("app", made(), inputs({ role: { name: "b" } }))).toEqual({
    changes: true,
    replaces: ["role"],
  });
});
