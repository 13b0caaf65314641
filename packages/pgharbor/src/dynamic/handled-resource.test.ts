import type { ArgsOf, Kind } from "./handled-resource";

const origin = (args: ArgsOf<"CertificateOrigin">) => args;
const kind = (one: Kind) => one;

test("the compiler checks a handler's inputs where its resource is declared", () => {
  const args = { cluster: "shop", from: "own" } as const;
  expect(origin(args)).toBe(args);
  // @ts-expect-error a value of another type
  origin({ cluster: 1, from: "own" });
  // @ts-expect-error no such choice
  origin({ cluster: "shop", from: "nowhere" });
  // @ts-expect-error an input is missing
  origin({ from: "own" });
  // @ts-expect-error an input that the handler does not have
  origin({ cluster: "shop", from: "own", name: "shop" });
});

test("a resource without a handler does not compile", () => {
  expect(kind("Patroni")).toBe("Patroni");
  // @ts-expect-error no handler
  kind("Patron");
});
