import type { ResourceType } from "../protocol/resource-type";
import { certificateLibrary } from "./certificate-library";
import { ALLOWED_USES } from "./allowed-uses";
import {
  certificateInputs,
  certificateOutputs,
  checkCertificate,
  decimalId,
  renewal,
  serialNumber,
  validityFromNow,
  validityOutputs,
} from "./certificate";

export const locallySignedCert: ResourceType = {
  inputs: {
    ...certificateInputs,
    caCertPem: { type: "string", required: true, replaces: true },
    caPrivateKeyPem: { type: "string", required: true, replaces: true, secret: true },
    certRequestPem: { type: "string", required: true, replaces: true },
  },
  outputs: { ...certificateOutputs, caKeyAlgorithm: {} },
  check: (inputs) => checkCertificate(inputs, ALLOWED_USES),
  ...renewal,
  create: async (inputs) => {
    const { x509, extensions, signingKey } = await certificateLibrary();
    const ca = new x509.X509Certificate(String(inputs.caCertPem));
    const caKey = await signingKey("caPrivateKeyPem", String(inputs.caPrivateKeyPem));
    const request = new x509.Pkcs10CertificateRequest(String(inputs.certRequestPem));
    if (!(await request.verify())) throw new Error("certRequestPem: its signature does not fit its public key");
    const all = await extensions.usageExtensions(inputs, request.publicKey);
    const names = request.extensions.find((extension) => extension.type === "2.5.29.17");
    if (names) all.push(names);
    // Go copies the CA's subject key identifier, because verifiers compare only these two.
    const caKeyId = ca.getExtension(x509.SubjectKeyIdentifierExtension);
    if (caKeyId) all.push(new x509.AuthorityKeyIdentifierExtension(caKeyId.keyId));
    const serial = serialNumber();
    const validity = validityFromNow(inputs);
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial,
      subject: request.subjectName,
      issuer: ca.subjectName,
      ...validity,
      signingAlgorithm: caKey.signing,
      publicKey: request.publicKey,
      signingKey: caKey.keys.privateKey,
      extensions: all,
    });
    const certPem = `${certificate.toString("pem")}\n`;
    const outputs = { ...inputs, ...validityOutputs(inputs, validity), caKeyAlgorithm: caKey.algorithm, certPem };
    return { id: decimalId(serial), outputs };
  },
};
