import { signedBy, testAuthority } from "../../../../../test/support/test-certificates";
import { problemsOfCertificate } from "./named";

const at = { path: "kubernetes.certificates.secret", value: '"data/shop-tls"' };
const check = (data: Record<string, string> | undefined, names: string[]) =>
  problemsOfCertificate("data/shop-tls", data, names);

test("a certificate that would keep the cluster from starting is found before anything is created", async () => {
  const authority = await testAuthority("shop");
  const { cert, key } = await signedBy(authority, ["shop-m1", "shop-m2"]);
  const secret = { "tls.crt": cert, "tls.key": key, "ca.crt": authority.cert };
  expect(check(secret, ["shop-m1", "shop-m2"])).toEqual([]);
  expect(check(secret, ["shop-m1", "shop-m3"])).toEqual([
    { ...at, problem: 'has a "tls.crt" without the names shop-m3; it has shop-m1, shop-m2', fix: "correct the Secret" },
  ]);
  expect(check({ ...secret, "tls.key": (await testAuthority("other")).key }, [])).toEqual([
    { ...at, problem: 'has another key at "tls.key" than the one "tls.crt" is for', fix: "correct the Secret" },
  ]);
  expect(check(undefined, [])).toEqual([
    {
      ...at,
      problem: "there is no such Secret",
      fix: "create one with tls.crt, tls.key and ca.crt (before the cluster, where the same program does)",
    },
  ]);
});
