import { systemUsers } from "../../names";
import type { DeferredValues } from "../deferred-values";
import { STORE_NAMESPACE } from "../patroni/store-namespace";
import { toJson } from "../text/json";

/** auth.json: what the store's users are made of, once. Patroni may touch its own keys and nothing else. */
export const renderEtcdAuthJson = (deferred: DeferredValues): string =>
  toJson({
    password: deferred.passwords.etcd,
    prefix: STORE_NAMESPACE,
    rootPassword: deferred.passwords.etcdRoot,
    user: systemUsers.etcd,
  });
