import { callApi, type PodLocation } from "../connection/client";

/** A condition of an object, as every controller writes it. */
interface Condition {
  type: string;
  status: string;
  message?: string;
  observedGeneration?: number;
}
interface Conditioned {
  metadata?: {
    name?: string;
    generation?: number;
    creationTimestamp?: string;
    annotations?: Record<string, string>;
  };
  status?: { conditions?: Condition[] };
}

/** How far cert-manager is with a Certificate. */
export interface Issuance {
  isReady: boolean;
  /** What its controllers say of it, in one line. */
  says: string;
}

const GROUP = { group: "cert-manager.io", version: "v1" };

export async function readIssuance(location: PodLocation, name: string): Promise<Issuance> {
  const { namespace } = location.kubernetes;
  const found = (await callApi(location, `read Certificate ${namespace}/${name}`, ({ config, library }) =>
    config
      .makeApiClient(library.CustomObjectsApi)
      .getNamespacedCustomObject({ ...GROUP, namespace, plural: "certificates", name }),
  )) as Conditioned | undefined;
  if (found === undefined) return { isReady: false, says: "the Certificate is gone" };
  const conditions = found.status?.conditions ?? [];
  const ready = conditions.find((condition) => condition.type === "Ready");
  const isIssuing = conditions.some((condition) => condition.type === "Issuing" && condition.status === "True");
  const isSeen = (ready?.observedGeneration ?? 0) >= (found.metadata?.generation ?? 0);
  if (ready?.status === "True" && isSeen && !isIssuing) return { isReady: true, says: "ready" };
  const said = [...conditions, ...(await requestConditions(location, name))].flatMap(({ message }) => message ?? []);
  const says =
    [...new Set(said)].join("; ") || "nothing: no controller of cert-manager has looked at it; does one run?";
  return { isReady: false, says };
}

/** Why an issuer did not sign stands at the request that cert-manager makes for a Certificate. */
async function requestConditions(location: PodLocation, certificate: string): Promise<Condition[]> {
  const { namespace } = location.kubernetes;
  const list = (await callApi(location, `list CertificateRequests in namespace ${namespace}`, ({ config, library }) =>
    config
      .makeApiClient(library.CustomObjectsApi)
      .listNamespacedCustomObject({ ...GROUP, namespace, plural: "certificaterequests" }),
  )) as { items: Conditioned[] } | undefined;
  const made = ({ metadata }: Conditioned) => metadata?.creationTimestamp ?? "";
  const its = (list?.items ?? [])
    .filter(({ metadata }) => metadata?.annotations?.["cert-manager.io/certificate-name"] === certificate)
    .sort((a, b) => (made(a) < made(b) ? -1 : 1));
  return (its.at(-1)?.status?.conditions ?? []).filter(({ type, status }) => type === "Ready" && status !== "True");
}
