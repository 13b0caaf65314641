export { ExternalPostgres, type ExternalPostgresArgs } from "./components/external-postgres";
export { PgAccess, type PgAccessArgs } from "./components/pg-access";
export { PgDatabase, type PgDatabaseArgs } from "./components/pg-database";
export { PgService, type PgServiceArgs } from "./components/pg-service";
export { PgUser, type PgUserArgs } from "./components/pg-user";
export type { ObjectStoreCredentials } from "./components/object-store-credentials";
export { PostgresCluster } from "./components/postgres-cluster";
export type { PostgresClusterArgs } from "./components/postgres-cluster-args";
export type { SupportingServiceArgs } from "./components/supporting-service/args";
export { SupportingService } from "./components/supporting-service/supporting-service";
export {
  ServiceBinding,
  type ServiceBindingArgs,
  type BoundDatabase,
  type BoundUser,
} from "./components/service-binding";
export { roleTemplates, templatePrivileges } from "./components/role-templates";
export type { PostgresTarget } from "./components/postgres-target";
export type { AdminConnection } from "./platform/sql/admin-connection";
export type { DatabaseSettings } from "./components/database-settings";
export type { UserSettings } from "./components/user-settings";
export type { RepositoryStatus } from "./dynamic/backups/repository-status";
export type { ServiceEndpoint } from "./outputs/endpoint";
export type { ServiceInstance } from "./outputs/service-instance";
export * from "./public-spec";
