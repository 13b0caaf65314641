/** Every port, in one place. */
export const ports = {
  postgres: 5432,
  pgbouncer: 6432,
  /** Poolers of one pod listen on ports of their own: the n-th that follows the primary, and the n-th that does not. */
  primaryPooler: (n: number) => 6432 + n,
  otherPooler: (n: number) => 6532 + n,
  patroni: 8008,
  pgExporter: 9630,
  etcdClient: 2379,
  etcdPeer: 2380,
  service: { primary: 5433, replica: 5434, default: 5436, offline: 5438 },
  /** HAProxy's way to the primary that is never published: Patroni's hooks ask it before poolers resume. */
  primaryCheck: 7000,
  /** The same for pgharbor's own SQL, at a gateway's loopback: it comes from within. */
  primaryAdmin: 7033,
  /** HAProxy listens here for the pooler of the n-th pooled service, when that pooler connects by TCP. By a socket: pooler-places.ts. */
  poolerBackend: (n: number) => 7001 + n,
} as const;

/** What every member listens at. */
export const memberPorts: readonly number[] = [ports.postgres, ports.patroni];
