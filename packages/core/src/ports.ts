/** All ports. */
export const ports = {
  postgres: 5432,
  pgbouncer: 6432,
  /** Poolers of one pod have separate ports: for the n-th that follows the primary, and for the n-th that does not. */
  primaryPooler: (n: number) => 6432 + n,
  otherPooler: (n: number) => 6532 + n,
  patroni: 8008,
  pgExporter: 9630,
  /** pgBackRest's TLS server, on members and on the host of the repositories. */
  pgbackrest: 8432,
  etcdClient: 2379,
  etcdPeer: 2380,
  service: { primary: 5433, replica: 5434, default: 5436, offline: 5438 },
  /** HAProxy's port to the primary that is never published. Patroni's hooks check it before poolers resume. */
  primaryCheck: 7000,
  /** The same for pgharbor's own SQL, on a gateway's loopback because that SQL comes from inside. */
  primaryAdmin: 7033,
  /** HAProxy's port for the pooler of the n-th pooled service when that pooler connects by TCP. For sockets see model/pooler-slots.ts. */
  poolerBackend: (n: number) => 7001 + n,
} as const;

/** Ports that every member listens on. */
export const memberPorts: readonly number[] = [ports.postgres, ports.patroni];
