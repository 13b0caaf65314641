import type { NamedCluster } from "@pgharbor/core";
import { clusterCheck } from "./cluster-check";
import { stateOnly } from "../provider/precondition";
import type { Handler } from "../provider/handler";

/** The origin of the certificates that everything in a cluster on Kubernetes trusts. */
export interface CertificateOriginInputs {
  cluster: string;
  from: "own" | "issuer" | "secret";
}

/** Only the kind of origin cannot change. The name of the issuer or Secret may. */
const CERTIFICATES = { own: undefined, issuer: { issuer: "any" }, secret: { secret: "any" } };

const asSpec = ({ cluster, from }: CertificateOriginInputs): NamedCluster => ({
  name: cluster,
  spec: { kubernetes: { certificates: CERTIFICATES[from] } },
});

/**
 * Created once all members run: before that, no member trusts another yet, and a failed attempt may be corrected.
 */
export const certificateOrigin: Handler<CertificateOriginInputs> = {
  check: clusterCheck(asSpec),
  // The check refuses every change.
  ...stateOnly<CertificateOriginInputs>({ id: (inputs) => inputs.cluster, comparable: () => undefined }),
};
