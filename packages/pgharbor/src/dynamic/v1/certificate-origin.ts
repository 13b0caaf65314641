import { checkClusterChange, type NamedCluster } from "@pgharbor/core";
import type { Handler } from "./handler";

/** Whom everything of a cluster on Kubernetes has learnt to trust. */
export interface CertificateOriginInputs {
  cluster: string;
  from: "own" | "issuer" | "secret";
}

/**
 * Made once all members are there: until then, nobody trusts anyone, and an attempt that failed may be corrected. Compares in `check`,
 * so that the preview of a change that cannot be made already fails.
 */
export const certificateOrigin: Handler<CertificateOriginInputs> = {
  async check(olds, news) {
    const problems = olds.cluster === undefined ? [] : checkClusterChange(asSpec(olds), asSpec(news));
    return { inputs: news, failures: problems.map((p) => ({ property: p.path, reason: p.message })) };
  },
  async diff() {
    return { changes: false };
  },
  async create(inputs) {
    return { id: inputs.cluster, outs: inputs };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
};

/** Whose they are is what cannot change, not by which name they are found. */
const CERTIFICATES = { own: undefined, issuer: { issuer: "any" }, secret: { secret: "any" } };

const asSpec = ({ cluster, from }: CertificateOriginInputs): NamedCluster => ({
  name: cluster,
  spec: { kubernetes: { certificates: CERTIFICATES[from] } },
});
