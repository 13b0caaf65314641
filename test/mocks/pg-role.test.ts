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
])("%d days after the creation is a date in UTC", (expireIn, date) => {
  expect(made({ expireIn }).expiresAt).toBe(date);
});

test("without expireIn there is no date", () => {
  expect(made()).not.toHaveProperty("expiresAt");
  const role = { name: "app", validUntil: "2027-01-31" };
  expect(made({ role }).role).toEqual(role);
});

test("the same program later shows no change", async () => {
  expect(await changes(made(), inputs())).toBe(false);
  expect(await changes(made({ expireIn: 30 }), inputs({ expireIn: 30 }))).toBe(false);
});

test("another number of days is a change, and so is adding or removing it", async () => {
  expect(await changes(made({ expireIn: 30 }), inputs({ expireIn: 31 }))).toBe(true);
  expect(await changes(made({ expireIn: 30 }), inputs())).toBe(true);
  expect(await changes(made(), inputs({ expireIn: 30 }))).toBe(true);
  expect(await changes(made(), inputs({ password: "q" }))).toBe(true);
});

test("another change keeps the date, and a changed number of days sets a new one", () => {
  const olds = made({ expireIn: 30 });
  expect(withExpiry(inputs({ expireIn: 30, password: "q" }), olds, later).expiresAt).toBe("2026-03-02");
  expect(withExpiry(inputs({ expireIn: 31 }), olds, later).expiresAt).toBe("2026-07-02");
  expect(withExpiry(inputs(), olds, later)).not.toHaveProperty("expiresAt");
});

test.each(["2026-04-01T00:00:00.000Z", null])(
  "a different date on the server, %p, is a change back to the declared date",
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

test("a new name replaces the role", async () => {
  expect(await pgRole.diff("app", made(), inputs({ role: { name: "b" } }))).toEqual({
    changes: true,
    replaces: ["role"],
  });
});
