export * from "./spec";
export * from "./names";
export * from "./ports";
export * from "./plan/types";
export * from "./rules/problem";
