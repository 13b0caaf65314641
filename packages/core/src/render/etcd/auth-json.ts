import { systemUsers } from "../../names";
import type { Late } from "../late";
import { STORE_NAMESPACE } from "../patroni/store-namespace";
import { toJson } from "../text/json";

/** auth.json: what the store's users are made of, once. Patroni may touch its own keys and nothing else. */
export const renderEtcdAuthJson = (late: Late): string =>
  toJson({
    password: late.passwords.etcd,
    prefix: STORE_NAMESPACE,
    rootPassword: late.passwords.etcdRoot,
    user: systemUsers.etcd,
  });
