export * from "./enums";
export * from "./service-spec";
export * from "./cluster-spec";
export * from "./kubernetes-spec";
export * from "./access-spec";
export * from "./supporting-service-spec";
export * from "./service-presets";
export * from "./binding-secret-spec";
