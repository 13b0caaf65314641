export * from "./enums";
export * from "./service-spec";
export * from "./cluster-spec";
export * from "./access-spec";
