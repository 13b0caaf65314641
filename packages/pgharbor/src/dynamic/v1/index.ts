import { clusterIdentity } from "./cluster-identity";
import { containerFiles } from "./container-files";
import { deletionGuard } from "./deletion-guard";
import type { Handler } from "./handler";
import { membership } from "./membership";
import { patroni } from "./patroni";
import { pgAccess } from "./pg-access";
import { pgDatabase } from "./pg-database";
import { pgRole } from "./pg-role";
import { primaryPlacement } from "./primary-placement";
import { serviceInstance } from "./service-instance";

type AnyHandler = Handler<never, never>;

/**
 * Every kind of resource that pgharbor handles itself. Names are stored in users' states: one that was published stays.
 */
export const handlers = {
  ClusterIdentity: clusterIdentity as unknown as AnyHandler,
  ContainerFiles: containerFiles as unknown as AnyHandler,
  DeletionGuard: deletionGuard as unknown as AnyHandler,
  Membership: membership as unknown as AnyHandler,
  Patroni: patroni as unknown as AnyHandler,
  PgAccess: pgAccess as unknown as AnyHandler,
  PgDatabase: pgDatabase as unknown as AnyHandler,
  PgRole: pgRole as unknown as AnyHandler,
  PrimaryPlacement: primaryPlacement as unknown as AnyHandler,
  ServiceInstance: serviceInstance as unknown as AnyHandler,
};
