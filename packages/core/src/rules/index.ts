export * from "./cluster";
export * from "./cluster-change";
export * from "./service";
export * from "./supporting-service";
export * from "./user";
export * from "./database";
export * from "./binding-secret";
export { defaultMaxDbConnections, reservedConnections } from "./pool-budget";
export { supportedVersions } from "./versions";
