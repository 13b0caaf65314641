/** Bits of the KeyUsage extension (RFC 5280, 4.2.1.3), in the bit order of the certificate library. Only those that pgharbor asks for. */
export const KEY_USAGES: { [use: string]: number } = {
  digital_signature: 1,
  key_encipherment: 4,
  cert_signing: 32,
  crl_signing: 64,
};

/** Object identifiers of the ExtKeyUsage extension. */
export const EXTENDED_USAGES: { [use: string]: string } = {
  server_auth: "1.3.6.1.5.5.7.3.1",
  client_auth: "1.3.6.1.5.5.7.3.2",
};

/** Kept apart from the certificate library, which a preview does not need to load. */
export const ALLOWED_USES = [...Object.keys(KEY_USAGES), ...Object.keys(EXTENDED_USAGES)];
