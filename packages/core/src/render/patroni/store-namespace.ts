/** Prefix of Patroni's keys in the store; etcd's user is confined to it. */
export const STORE_NAMESPACE = "/service/";
