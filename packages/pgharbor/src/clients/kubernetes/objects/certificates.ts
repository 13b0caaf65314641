import { callApi, type PodLocation } from "../connection/client";

/** A condition in an object's status. */
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

/** The progress of cert-manager with a Certificate. */
export interface Issuance {
  isReady: boolean;
  /** The messages of cert-manager's controllers, in one line. */
  message: string;
}

const GROUP = { group: "cert-manager.io", version: "v1" };

export async function readIssuance(location: PodLocation, name: string): Promise<Issuance> {
  const { namespace } = location.kubernetes;
  const found = (await callApi(location, `read Certificate ${namespace}/${name}`, ({ config, library }) =>
    config
      .makeApiClient(library.CustomObjectsApi)
      .getNamespacedCustomObject({ ...GROUP, namespace, plural: "certificates", name }),
  )) as Conditioned | undefined;
  if (found === undefined) return { isReady: false, message: "the Certificate is gone" };
  const conditions = found.status?.conditions ?? [];
  const ready = conditions.find((condition) => condition.type === "Ready");
  const isIssuing = conditions.some((condition) => condition.type === "Issuing" && condition.status === "True");
  const isObserved = (ready?.observedGeneration ?? 0) >= (found.metadata?.generation ?? 0);
  if (ready?.status === "True" && isObserved && !isIssuing) return { isReady: true, message: "ready" };
  const messages = [...conditions, ...(await requestConditions(location, name))].flatMap(
    ({ message }) => message ?? [],
  );
  const message =
    [...new Set(messages)].join("; ") ||
    "no message: no controller of cert-manager has processed it; check that one runs";
  return { isReady: false, message };
}

/** The reason why an issuer did not sign is in the CertificateRequest that cert-manager creates for a Certificate. */
async function requestConditions(location: PodLocation, certificate: string): Promise<Condition[]> {
  const { namespace } = location.kubernetes;
  const list = (await callApi(location, `list CertificateRequests in namespace ${namespace}`, ({ config, library }) =>
    config
      .makeApiClient(library.CustomObjectsApi)
      .listNamespacedCustomObject({ ...GROUP, namespace, plural: "certificaterequests" }),
  )) as { items: Conditioned[] } | undefined;
  const createdAt = ({ metadata }: Conditioned) => metadata?.creationTimestamp ?? "";
  const requests = (list?.items ?? [])
    .filter(({ metadata }) => metadata?.annotations?.["cert-manager.io/certificate-name"] === certificate)
    .sort((a, b) => (createdAt(a) < createdAt(b) ? -1 : 1));
  return (requests.at(-1)?.status?.conditions ?? []).filter(
    ({ type, status }) => type === "Ready" && status !== "True",
  );
}
