import { clusterIdentity } from "./cluster-identity";
import { containerFiles } from "./container-files";
import { deletionGuard } from "./deletion-guard";
import { gatewayReady } from "./gateway-ready";
import type { Handler } from "./handler";
import { issuedSecret } from "./issued-secret";
import { memberClaim } from "./member-claim";
import { memberReady } from "./member-ready";
import { membership } from "./membership";
import { patroni } from "./patroni";
import { patroniStore } from "./patroni-store";
import { pgAccess } from "./pg-access";
import { pgDatabase } from "./pg-database";
import { pgRole } from "./pg-role";
import { podFiles } from "./pod-files";
import { podInstance } from "./pod-instance";
import { preflight } from "./preflight";
import { primaryPlacement } from "./primary-placement";
import { sameKubernetes } from "./same-kubernetes";
import { serviceInstance } from "./service-instance";
import { systemRoles } from "./system-roles";

type AnyHandler = Handler<never, never>;

/**
 * Every kind of resource that pgharbor handles itself. Names are stored in users' states: one that was published stays.
 */
export const handlers = {
  ClusterIdentity: clusterIdentity as unknown as AnyHandler,
  ContainerFiles: containerFiles as unknown as AnyHandler,
  DeletionGuard: deletionGuard as unknown as AnyHandler,
  GatewayReady: gatewayReady as unknown as AnyHandler,
  MemberClaim: memberClaim as unknown as AnyHandler,
  IssuedSecret: issuedSecret as unknown as AnyHandler,
  MemberReady: memberReady as unknown as AnyHandler,
  Membership: membership as unknown as AnyHandler,
  Patroni: patroni as unknown as AnyHandler,
  PatroniStore: patroniStore as unknown as AnyHandler,
  PgAccess: pgAccess as unknown as AnyHandler,
  PgDatabase: pgDatabase as unknown as AnyHandler,
  PgRole: pgRole as unknown as AnyHandler,
  PodFiles: podFiles as unknown as AnyHandler,
  PodInstance: podInstance as unknown as AnyHandler,
  Preflight: preflight as unknown as AnyHandler,
  PrimaryPlacement: primaryPlacement as unknown as AnyHandler,
  SameKubernetes: sameKubernetes as unknown as AnyHandler,
  ServiceInstance: serviceInstance as unknown as AnyHandler,
  SystemRoles: systemRoles as unknown as AnyHandler,
};
