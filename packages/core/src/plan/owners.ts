/** Numeric owners in the images, fixed by their Dockerfiles: volumes and files keep them across image versions. */
export const owners = {
  patroni: { uid: 102, gid: 104 },
  /** As the members: pgBackRest keeps owners. */
  backup: { uid: 102, gid: 104 },
  haproxy: { uid: 103, gid: 105 },
  pgbouncer: { uid: 103, gid: 105 },
  etcd: { uid: 104, gid: 106 },
};
