import type { NamedCluster } from "@pgharbor/core";
import { clusterCheck } from "./cluster-check";
import { remembered } from "../provider/gate";
import type { Handler } from "../provider/handler";

/** Whom everything of a cluster on Kubernetes has learnt to trust. */
export interface CertificateOriginInputs {
  cluster: string;
  from: "own" | "issuer" | "secret";
}

/** Whose they are is what cannot change, not by which name they are found. */
const CERTIFICATES = { own: undefined, issuer: { issuer: "any" }, secret: { secret: "any" } };

const asSpec = ({ cluster, from }: CertificateOriginInputs): NamedCluster => ({
  name: cluster,
  spec: { kubernetes: { certificates: CERTIFICATES[from] } },
});

/**
 * Made once all members are there: until then, nobody trusts anyone, and an attempt that failed may be corrected.
 */
export const certificateOrigin: Handler<CertificateOriginInputs> = {
  check: clusterCheck(asSpec),
  // Its check refuses every change.
  ...remembered<CertificateOriginInputs>({ id: (inputs) => inputs.cluster, comparable: () => undefined }),
};
