import { cluster, role } from "../../../../test/support/sql-catalog";
import type { Explanation } from "../errors";
import { makeVerifier, verifyPassword } from "../scram";
import { resolvePasswords, secretsOf } from "./passwords";

describe("resolvePasswords", () => {
  const resolve = async (password: string, verifier: string | null | undefined, previous?: string) => {
    const catalog = cluster({ roles: [role("a", { verifier })] });
    const before = previous === undefined ? undefined : { users: { a: { password: previous } } };
    return resolvePasswords(before, { users: { a: { password } } }, catalog, []);
  };

  it("keeps the stored verifier that fits", async () => {
    const verifier = await makeVerifier("pw");
    expect((await resolve("pw", verifier)).next.users!.a.passwordVerifier).toBe(verifier);
  });

  it.each([
    ["of another password", "md5c4ca4238a0b923820dcc509a6f75849b"],
    ["none", null],
  ])("makes a new one: %s", async (_what, stored) => {
    const made = (await resolve("pw", stored)).next.users!.a.passwordVerifier!;
    expect(await verifyPassword("pw", made)).toBe(true);
  });

  it("an unchanged declaration has one verifier on both sides, where the stored one cannot be read", async () => {
    const same = await resolve("pw", undefined, "pw");
    expect(same.previous!.users!.a.passwordVerifier).toBe(same.next.users!.a.passwordVerifier);
    const changed = await resolve("pw", undefined, "old");
    expect(changed.previous!.users!.a.passwordVerifier).toBeUndefined();
  });

  it("leaves no password in clear behind", async () => {
    expect(JSON.stringify(await resolve("clear-text", null, "clear-before"))).not.toMatch(/clear/);
  });

  it("refuses a password with a verifier, an empty password and NUL, and shows none of them", async () => {
    const problems: Explanation[] = [];
    const users = {
      a: { password: "s3cret", passwordVerifier: null },
      b: { password: "" },
      c: { password: "s3\0cret" },
    };
    await resolvePasswords(undefined, { users }, cluster(), problems);
    expect(problems.map((p) => `${p.path}: ${p.problem}, got ${p.value}; ${p.fix}`)).toEqual([
      "users.a.password: give either a password or a passwordVerifier, got both; leave one of them out",
      'users.b.password: must not be empty, got ""; give a password, or passwordVerifier: null for none',
      "users.c.password: must not contain a NUL character, got one that does; remove it",
    ]);
  });
});

test("secretsOf finds every password and verifier", () => {
  expect(
    secretsOf(
      { users: { a: { password: "x" }, b: { passwordVerifier: "v" }, c: { passwordVerifier: null }, d: {} } },
      undefined,
    ),
  ).toEqual(["x", "v"]);
});
