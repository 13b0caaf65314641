import * as pulumi from "@pulumi/pulumi";

/** False with the SDK's mocks, which do not support resource hooks. Users' tests may use them. */
export const hasHooks = (): boolean =>
  typeof (pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined)?.registerResourceHook ===
  "function";
