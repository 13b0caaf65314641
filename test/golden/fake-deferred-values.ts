import type { ClusterPlan, DeferredValues, ServicePlan } from "@pgharbor/core";
import { passwordsOn } from "@pgharbor/core";

/** Secrets short enough to be seen at once in an expected file. */
export function fakeDeferred(plan: ClusterPlan | ServicePlan): DeferredValues {
  return {
    authorities: { store: "store ca\n", members: "members ca\n", checks: "checks ca\n", backups: "backups ca\n" },
    caCertificate: "ca\n",
    restorePassphrase: "pw-restore",
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
