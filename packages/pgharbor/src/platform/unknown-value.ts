import { unknown } from "@pulumi/pulumi/output";

/** What a preview cannot know yet, whatever its type will be. */
export const unknownValue = <T>(): T => unknown as unknown as T;
