import * as pulumi from "@pulumi/pulumi";

/** Whether resources may have hooks. The SDK's mocks, which a person's own tests may use, have none. */
export const hasHooks = (): boolean =>
  typeof (pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined)?.registerResourceHook ===
  "function";
