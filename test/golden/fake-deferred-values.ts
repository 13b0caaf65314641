import type { ClusterPlan, DeferredValues, ServicePlan } from "@pgharbor/core";
import { passwordsOn } from "@pgharbor/core";

/** Secrets short enough to be seen at once in an expected file. */
export function fakeDeferred(plan: ClusterPlan | ServicePlan): DeferredValues {
  return {
    authorities: { store: "store ca\n", members: "members ca\n", checks: "checks ca\n", backups: "backups ca\n" },
    caCertificate: "ca\n",
    restorePassphrase: "pw-restore",
    credentials: new Proxy({}, { get: (_, key) => credential(String(key)) }),
    certificates: Object.fromEntries(
      [...plan.certificates, ...plan.identities].map(({ name }) => [
        name,
        { certificate: `crt ${name}\n`, privateKey: `key ${name}\n` },
      ]),
    ),
    passwords: Object.fromEntries(
      passwordsOn("docker").map((user) => [user, `pw-${user}`]),
    ) as DeferredValues["passwords"],
  };
}

/** Azure takes one of its two. */
function credential(key: string): string {
  if (key.endsWith("sasToken")) return "";
  return key.endsWith("serviceAccountKey") ? "{}" : `pw-${key}`;
}
