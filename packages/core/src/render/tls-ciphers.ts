/** Ciphers before TLS 1.3: authenticated encryption and forward secrecy, so no CBC. In OpenSSL's syntax. */
export const TLS12_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20";
