/** What is spoken below TLS 1.3, which knows no others: authenticated encryption and forward secrecy, so no CBC. OpenSSL's syntax. */
export const TLS12_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20";
