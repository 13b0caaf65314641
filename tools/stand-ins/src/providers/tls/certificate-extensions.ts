import "reflect-metadata";
import * as net from "node:net";
import * as x509 from "@peculiar/x509";
import type { webcrypto } from "node:crypto";
import type { Properties } from "../protocol/values";
import { EXTENDED_USAGES, KEY_USAGES } from "./allowed-uses";

/** X.520 attribute of each field of `subject` that pgharbor writes, in Go's order. */
const SUBJECT: [string, string][] = [
  ["organization", "2.5.4.10"],
  ["commonName", "2.5.4.3"],
];

export function subjectName(subject: Properties | undefined): x509.Name {
  const attributes = SUBJECT.flatMap(([field, oid]) => {
    const value = subject?.[field];
    return value === undefined || value === null || value === "" ? [] : [{ [oid]: [encoded(String(value))] }];
  });
  return new x509.Name(attributes);
}

/** As in Go: PrintableString if the characters allow it, else UTF-8. */
const encoded = (value: string): { [encoding: string]: string } =>
  /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? { printableString: value } : { utf8String: value };

export function alternativeNames(inputs: Properties, critical: boolean): x509.Extension[] {
  const list = (name: string) => (Array.isArray(inputs[name]) ? inputs[name].map(String) : []);
  const names: x509.JsonGeneralNames = [
    ...list("dnsNames").map((value) => ({ type: "dns" as const, value })),
    ...list("ipAddresses").map((value) => ({ type: "ip" as const, value })),
  ];
  const wrong = list("ipAddresses").find((address) => net.isIP(address) === 0);
  if (wrong !== undefined) throw new Error(`ipAddresses: not an IP address: ${wrong}`);
  return names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names, critical)] : [];
}

export async function usageExtensions(
  inputs: Properties,
  publicKey: webcrypto.CryptoKey | x509.PublicKey,
): Promise<x509.Extension[]> {
  const uses = Array.isArray(inputs.allowedUses) ? inputs.allowedUses.map(String) : [];
  const flags = uses.reduce((sum, use) => sum | (KEY_USAGES[use] ?? 0), 0);
  const extended = uses.flatMap((use) => EXTENDED_USAGES[use] ?? []);
  const isCa = inputs.isCaCertificate === true;
  const extensions: x509.Extension[] = [];
  if (flags !== 0) extensions.push(new x509.KeyUsagesExtension(flags, true));
  if (extended.length > 0) extensions.push(new x509.ExtendedKeyUsageExtension(extended));
  extensions.push(new x509.BasicConstraintsExtension(isCa, undefined, true));
  // Go adds one to every CA certificate, because path building needs it.
  if (isCa) {
    extensions.push(await x509.SubjectKeyIdentifierExtension.create(publicKey as x509.PublicKeyType));
  }
  return extensions;
}
