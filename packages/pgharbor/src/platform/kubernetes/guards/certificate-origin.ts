import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../../dynamic/handled-resource";
import type { KubernetesContext } from "../context/context";

/** Records the source of a running cluster's certificates, because it cannot change. */
export class CertificateOrigin extends HandledResource<"CertificateOrigin"> {
  constructor({ model, spec }: KubernetesContext, opts: pulumi.CustomResourceOptions) {
    const { certificates } = spec;
    const from = certificates === undefined ? "own" : certificates.secret === undefined ? "issuer" : "secret";
    super("CertificateOrigin", `${model.name}-certificate-origin`, { cluster: model.name, from }, opts);
  }
}
