import { images } from "./pinned-images";

/**
 * A user's own pod, which passes the restricted level. It has psql, and knows only the Secrets that it mounts, each in
 * a folder of that name in /bindings.
 */
export const clientPod = (namespace: string, bindings: Readonly<Record<string, string>>) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "client", namespace },
  spec: {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    securityContext: { runAsNonRoot: true, runAsUser: 102, seccompProfile: { type: "RuntimeDefault" } },
    volumes: Object.entries(bindings).map(([name, secretName]) => ({ name, secret: { secretName } })),
    containers: [
      {
        name: "client",
        image: images.postgres[17],
        command: ["sleep", "infinity"],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        volumeMounts: Object.keys(bindings).map((name) => ({ name, mountPath: `/bindings/${name}`, readOnly: true })),
      },
    ],
  },
});
