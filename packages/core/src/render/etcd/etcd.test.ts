import { parse } from "yaml";
import { model, deferred } from "../../../../../test/support/planned-by-hand";
import { renderEtcdAuthJson } from "./auth-json";
import { renderEtcdYml } from "./etcd-yml";
import { renderTokenKey } from "./token-key";

test("every member names all of them, and itself", () => {
  const read = parse(renderEtcdYml(model({ etcd: ["e1", "e2", "e3"] }), 1)) as Record<string, unknown>;
  expect(read).toMatchObject({
    name: "e2",
    "advertise-client-urls": "https://e2:2379",
    "initial-cluster": "e1=https://e1:2380,e2=https://e2:2380,e3=https://e3:2380",
    "peer-transport-security": { "client-cert-auth": true },
  });
});

test("a fourth member of three is refused", () => {
  expect(() => renderEtcdYml(model(), 3)).toThrow("etcd member 3 of 1 does not exist");
});

test("Patroni's user is confined to Patroni's keys", () => {
  expect(JSON.parse(renderEtcdAuthJson(deferred))).toEqual({
    rootPassword: "pw-etcdRoot",
    user: "patroni",
    password: "pw-etcd",
    prefix: "/service/",
  });
});

test("tokens are signed with a key that is not root's password", () => {
  expect(renderEtcdYml(model(), 0)).toContain("jwt,priv-key=/etc/pgharbor/current/token.key,sign-method=HS256");
  expect(renderTokenKey(deferred)).toMatch(/^[0-9a-f]{64}$/);
});
