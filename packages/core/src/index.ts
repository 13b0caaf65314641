export * from "./spec";
export * from "./names";
export * from "./ports";
export * from "./plan/types";
export * from "./rules/problem";
export * from "./plan/cluster-plan";
export * from "./plan/service-plan";
export { defaultServices } from "./plan/services-plan";
