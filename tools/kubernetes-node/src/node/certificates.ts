import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { generateKeyPairSync, webcrypto } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ADDRESSES } from "../addresses";
import type { ClusterFolders } from "../cluster-folders";
import { kubeconfig } from "./kubeconfig";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAYS = 365;
const CLIENT = "1.3.6.1.5.5.7.3.2";
const SERVER = "1.3.6.1.5.5.7.3.1";

interface Issued {
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** Creates the certificates of a node in a folder: https://kubernetes.io/docs/setup/best-practices/certificates/ */
export async function writeCertificates(folders: ClusterFolders): Promise<void> {
  await mkdir(folders.certificates, { recursive: true, mode: 0o700 });
  const authority = await issueAuthority("pgharbor-kubernetes");
  const etcdAuthority = await issueAuthority("pgharbor-etcd");
  const save = (name: string, issued: Issued) => writeCertificate(folders.certificates, name, issued);
  await save("ca", authority);
  await save("etcd-ca", etcdAuthority);
  await save("front-proxy-ca", await issueAuthority("pgharbor-front-proxy"));

  const { node, nodeIp, apiServiceIp, clusterDomain } = ADDRESSES;
  const apiNames = ["kubernetes", "kubernetes.default", "kubernetes.default.svc"];
  await save("etcd", await issue(etcdAuthority, "CN=etcd", [SERVER, CLIENT], { ips: [nodeIp] }));
  await save("etcd-client", await issue(etcdAuthority, "CN=kube-apiserver", [CLIENT]));
  const apiSubject = { names: [...apiNames, `kubernetes.default.svc.${clusterDomain}`], ips: [nodeIp, apiServiceIp] };
  await save("apiserver", await issue(authority, "CN=kube-apiserver", [SERVER], apiSubject));
  await save(
    "apiserver-kubelet",
    await issue(authority, "O=system:masters,CN=kube-apiserver-kubelet-client", [CLIENT]),
  );
  await save("kubelet-server", await issue(authority, `CN=${node}`, [SERVER], { names: [node], ips: [nodeIp] }));
  await writeServiceAccountKeys(folders.certificates);

  const clients: Record<string, string> = {
    admin: "O=system:masters,CN=kubernetes-admin",
    "controller-manager": "CN=system:kube-controller-manager",
    scheduler: "CN=system:kube-scheduler",
    proxy: "CN=system:kube-proxy",
    kubelet: `O=system:nodes,CN=system:node:${node}`,
  };
  for (const [user, subject] of Object.entries(clients)) {
    const { certificate, keys } = await issue(authority, subject, [CLIENT]);
    const text = kubeconfig({
      user,
      authority: authority.certificate.toString("pem"),
      certificate: certificate.toString("pem"),
      key: await pemOfKey(keys),
    });
    const file = user === "admin" ? folders.kubeconfig : join(folders.certificates, `${user}.conf`);
    await writeFile(file, text, { mode: 0o600 });
  }
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function validity() {
  const now = Date.now();
  // Valid from a minute ago, because a certificate that is not yet valid by a rounded second is refused.
  return { notBefore: new Date(now - 60_000), notAfter: new Date(now + DAYS * 86_400_000) };
}

async function issueAuthority(name: string): Promise<Issued> {
  const keys = await newKeys();
  const usage = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    ...validity(),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(usage, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, keys };
}

async function issue(
  authority: Issued,
  subject: string,
  usages: string[],
  alternative: { names?: string[]; ips?: string[] } = {},
): Promise<Issued> {
  const keys = await newKeys();
  const names: x509.JsonGeneralName[] = [
    ...(alternative.names ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(alternative.ips ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: authority.certificate.subject,
    ...validity(),
    signingAlgorithm: ALGORITHM,
    signingKey: authority.keys.privateKey,
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(usages),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      await x509.AuthorityKeyIdentifierExtension.create(authority.keys.publicKey),
    ],
  });
  return { certificate, keys };
}

async function pemOfKey(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
}

async function writeCertificate(folder: string, name: string, { certificate, keys }: Issued): Promise<void> {
  await writeFile(join(folder, `${name}.crt`), `${certificate.toString("pem")}\n`);
  await writeFile(join(folder, `${name}.key`), `${await pemOfKey(keys)}\n`, { mode: 0o600 });
}

/** The key that signs the tokens of service accounts. */
async function writeServiceAccountKeys(folder: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  await writeFile(join(folder, "service-accounts.key"), privateKey, { mode: 0o600 });
  await writeFile(join(folder, "service-accounts.pub"), publicKey);
}
