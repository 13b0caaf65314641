import { endWithEngine } from "../provider/end-with-engine";
import { certificateOrigin } from "../guards/certificate-origin";
import { clusterIdentity } from "../guards/cluster-identity";
import { clusterMarker } from "../leftovers/cluster-marker";
import { containerFiles } from "../config-files/container-files";
import { deletionGuard } from "../guards/deletion-guard";
import { gatewayReady } from "../readiness/gateway-ready";
import type { Handler } from "../provider/handler";
import { issuedSecret } from "../secrets/issued-secret";
import { kubernetesLeftovers } from "../leftovers/kubernetes-leftovers";
import { lastLeader } from "../patroni/last-leader";
import { leftovers } from "../leftovers/docker-leftovers";
import { memberClaim } from "../volumes/member-claim";
import { memberReady } from "../members/member-ready";
import { membership } from "../members/membership";
import { patroni } from "../patroni/patroni";
import { patroniStore } from "../store/patroni-store";
import { pgAccess } from "../sql/pg-access";
import { pgDatabase } from "../sql/pg-database";
import { pgRole } from "../sql/pg-role";
import { podFiles } from "../config-files/pod-files";
import { podInstance } from "../supporting-service/pod-instance";
import { preflight } from "../preflight/preflight";
import { primaryPlacement } from "../patroni/primary-placement";
import { sameKubernetes } from "../guards/same-kubernetes";
import { serviceInstance } from "../supporting-service/docker-instance";
import { storeReady } from "../store/store-ready";
import { systemRoles } from "../sql/system-roles";
import { rememberingWay } from "./remember-connection";

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
