import { createHash } from "node:crypto";
import type { InputSpec, ResourceType } from "../protocol/resource-type";
import { certificateLibrary } from "./certificate-library";
import type { Properties } from "../protocol/values";

/** Inputs that a request and a self-signed certificate have in common. */
export const requestInputs: { [name: string]: InputSpec } = {
  privateKeyPem: { type: "string", required: true, replaces: true, secret: true },
  subject: { type: "object", replaces: true },
  dnsNames: { type: "list", replaces: true },
  ipAddresses: { type: "list", replaces: true },
};

export const certRequest: ResourceType = {
  inputs: requestInputs,
  outputs: { certRequestPem: {}, keyAlgorithm: {} },
  create: async (inputs) => {
    const { x509, extensions, signingKey } = await certificateLibrary();
    const key = await signingKey("privateKeyPem", String(inputs.privateKeyPem));
    const name = extensions.subjectName(inputs.subject as Properties | undefined);
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
      name,
      keys: key.keys,
      signingAlgorithm: key.signing,
      extensions: extensions.alternativeNames(inputs, name.toString() === ""),
    });
    const certRequestPem = `${request.toString("pem")}\n`;
    const id = createHash("sha1").update(certRequestPem).digest("hex");
    return { id, outputs: { ...inputs, keyAlgorithm: key.algorithm, certRequestPem } };
  },
};
