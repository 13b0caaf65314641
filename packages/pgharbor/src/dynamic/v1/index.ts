import { endWithEngine } from "../end-with-engine";
import { certificateOrigin } from "./certificate-origin";
import { clusterIdentity } from "./cluster-identity";
import { clusterMarker } from "./cluster-marker";
import { containerFiles } from "./container-files";
import { deletionGuard } from "./deletion-guard";
import { gatewayReady } from "./gateway-ready";
import type { Handler } from "./handler";
import { issuedSecret } from "./issued-secret";
import { kubernetesLeftovers } from "./kubernetes-leftovers";
import { lastLeader } from "./last-leader";
import { leftovers } from "./leftovers";
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
import { storeReady } from "./store-ready";
import { systemRoles } from "./system-roles";
import { rememberingWay } from "./way";

type AnyHandler = Handler<never, never>;
const published = (handler: unknown): AnyHandler => rememberingWay(handler as Handler<object>) as unknown as AnyHandler;

/**
 * Every kind of resource that pgharbor handles itself. Names are stored in users' states: one that was published stays.
 */
export const handlers = {
  CertificateOrigin: published(certificateOrigin),
  ClusterIdentity: published(clusterIdentity),
  ClusterMarker: published(clusterMarker),
  ContainerFiles: published(containerFiles),
  DeletionGuard: published(deletionGuard),
  GatewayReady: published(gatewayReady),
  IssuedSecret: published(issuedSecret),
  KubernetesLeftovers: published(kubernetesLeftovers),
  LastLeader: published(lastLeader),
  Leftovers: published(leftovers),
  MemberClaim: published(memberClaim),
  MemberReady: published(memberReady),
  Membership: published(membership),
  Patroni: published(patroni),
  PatroniStore: published(patroniStore),
  PgAccess: published(pgAccess),
  PgDatabase: published(pgDatabase),
  PgRole: published(pgRole),
  PodFiles: published(podFiles),
  PodInstance: published(podInstance),
  Preflight: published(preflight),
  PrimaryPlacement: published(primaryPlacement),
  SameKubernetes: published(sameKubernetes),
  ServiceInstance: published(serviceInstance),
  StoreReady: published(storeReady),
  SystemRoles: published(systemRoles),
};

endWithEngine();
