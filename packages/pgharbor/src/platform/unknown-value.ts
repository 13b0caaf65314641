import { unknown } from "@pulumi/pulumi/output";

/** A value of any type that a preview does not know yet. */
export const unknownValue = <T>(): T => unknown as unknown as T;
