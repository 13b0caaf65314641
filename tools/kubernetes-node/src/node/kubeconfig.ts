import { API_SERVER } from "../addresses";

export const CONTEXT = "pgharbor";

export interface ClientIdentity {
  readonly user: string;
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** A kubeconfig in JSON, which is also YAML. */
export function kubeconfig({ user, authority, certificate, key }: ClientIdentity): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: CONTEXT, cluster: { server: API_SERVER, "certificate-authority-data": base64(authority) } }],
      users: [{ name: user, user: { "client-certificate-data": base64(certificate), "client-key-data": base64(key) } }],
      contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user } }],
      "current-context": CONTEXT,
    },
    undefined,
    2,
  );
}
