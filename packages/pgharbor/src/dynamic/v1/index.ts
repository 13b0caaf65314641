import { endWithEngine } from "../provider/end-with-engine";
import { backups } from "../backups/backups";
import { certificateOrigin } from "../guards/certificate-origin";
import { clusterIdentity } from "../guards/cluster-identity";
import { clusterMarker } from "../leftovers/cluster-marker";
import { containerFiles } from "../config-files/container-files";
import { deletionGuard } from "../guards/deletion-guard";
import { gatewayReady } from "../readiness/gateway-ready";
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
import { repositoryClaim } from "../volumes/repository-claim";
import { rememberConnection } from "./remember-connection";

/**
 * Every kind of resource that pgharbor handles itself. Users' states store the names, so a published name never changes.
 */
export const handlers = {
  Backups: rememberConnection(backups),
  CertificateOrigin: rememberConnection(certificateOrigin),
  ClusterIdentity: rememberConnection(clusterIdentity),
  ClusterMarker: rememberConnection(clusterMarker),
  ContainerFiles: rememberConnection(containerFiles),
  DeletionGuard: rememberConnection(deletionGuard),
  GatewayReady: rememberConnection(gatewayReady),
  IssuedSecret: rememberConnection(issuedSecret),
  KubernetesLeftovers: rememberConnection(kubernetesLeftovers),
  LastLeader: rememberConnection(lastLeader),
  Leftovers: rememberConnection(leftovers),
  MemberClaim: rememberConnection(memberClaim),
  MemberReady: rememberConnection(memberReady),
  Membership: rememberConnection(membership),
  Patroni: rememberConnection(patroni),
  PatroniStore: rememberConnection(patroniStore),
  PgAccess: rememberConnection(pgAccess),
  PgDatabase: rememberConnection(pgDatabase),
  PgRole: rememberConnection(pgRole),
  PodFiles: rememberConnection(podFiles),
  PodInstance: rememberConnection(podInstance),
  Preflight: rememberConnection(preflight),
  PrimaryPlacement: rememberConnection(primaryPlacement),
  RepositoryClaim: rememberConnection(repositoryClaim),
  SameKubernetes: rememberConnection(sameKubernetes),
  ServiceInstance: rememberConnection(serviceInstance),
  StoreReady: rememberConnection(storeReady),
  SystemRoles: rememberConnection(systemRoles),
};

endWithEngine();
