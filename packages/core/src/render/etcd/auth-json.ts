import { systemUsers } from "../../names";
import type { DeferredValues } from "../deferred-values";
import { STORE_NAMESPACE } from "../patroni/store-namespace";
import { toJson } from "../text/json";

/** auth.json: creates the store's users once. Patroni may access only its own keys. */
export const renderEtcdAuthJson = (deferred: DeferredValues): string =>
  toJson({
    password: deferred.passwords.etcd,
    prefix: STORE_NAMESPACE,
    rootPassword: deferred.passwords.etcdRoot,
    user: systemUsers.etcd,
  });
