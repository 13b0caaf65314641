import type { ResourceType } from "../protocol/resource-type";
import { certificateLibrary } from "./certificate-library";
import type { Properties } from "../protocol/values";
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
import { ALLOWED_USES } from "./allowed-uses";
import { requestInputs } from "./cert-request";

export const selfSignedCert: ResourceType = {
  inputs: {
    ...certificateInputs,
    ...requestInputs,
  },
  outputs: { ...certificateOutputs, keyAlgorithm: {} },
  check: (inputs) => checkCertificate(inputs, ALLOWED_USES),
  ...renewal,
  create: async (inputs) => {
    const { x509, extensions, signingKey } = await certificateLibrary();
    const key = await signingKey("privateKeyPem", String(inputs.privateKeyPem));
    const name = extensions.subjectName(inputs.subject as Properties | undefined);
    const all = [
      ...(await extensions.usageExtensions(inputs, key.keys.publicKey)),
      ...extensions.alternativeNames(inputs, name.toString() === ""),
    ];
    const serial = serialNumber();
    const validity = validityFromNow(inputs);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serial,
      name,
      ...validity,
      signingAlgorithm: key.signing,
      keys: key.keys,
      extensions: all,
    });
    const certPem = `${certificate.toString("pem")}\n`;
    const outputs = { ...inputs, ...validityOutputs(inputs, validity), keyAlgorithm: key.algorithm, certPem };
    return { id: decimalId(serial), outputs };
  },
};
