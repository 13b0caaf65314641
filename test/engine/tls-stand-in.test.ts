import { execFile } from "node:child_process";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { withPulumiProject } from "../support/pulumi-project";

jest.setTimeout(900_000);

const execute = promisify(execFile);

interface Issued {
  readonly key: string;
  readonly public: string;
  readonly request: string;
  readonly certificate: string;
  readonly readyForRenewal: boolean;
  readonly start: string;
  readonly end: string;
}

const program = `
  import * as tls from "@pulumi/tls";
  import * as pulumi from "@pulumi/pulumi";
  const config = new pulumi.Config();
  const caKey = new tls.PrivateKey("ca", { algorithm: "ECDSA", ecdsaCurve: "P256" });
  const ca = new tls.SelfSignedCert("ca", { privateKeyPem: caKey.privateKeyPem, isCaCertificate: true, validityPeriodHours: 100,
    allowedUses: ["cert_signing", "crl_signing"], subject: { commonName: "shop CA", organization: "Pg & Harbor" } });
  const issue = (name: string) => {
    const key = new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" });
    const request = new tls.CertRequest(name, { privateKeyPem: key.privateKeyPem, subject: { commonName: "shop m1 ü" },
      dnsNames: ["m1", config.get("dnsName") ?? "shop-m1"], ipAddresses: ["127.0.0.1", "::1"] });
    const signed = new tls.LocallySignedCert(name, { caCertPem: ca.certPem, caPrivateKeyPem: caKey.privateKeyPem,
      certRequestPem: request.certRequestPem, validityPeriodHours: 10, earlyRenewalHours: config.getNumber("early"),
      allowedUses: ["server_auth", "client_auth", "digital_signature"] });
    return { key: key.privateKeyPem, public: key.publicKeyPem, request: request.certRequestPem,
      certificate: signed.certPem, readyForRenewal: signed.readyForRenewal, start: signed.validityStartTime, end: signed.validityEndTime };
  };
  export const issued = { server: issue("server"), client: issue("client") };
  export const caPem = ca.certPem;`;

test("keys and certificates are what the official provider makes", async () => {
  await withPulumiProject({ program }, async (project) => {
    await project.up();
    const { issued, caPem } = await project.outputs<{ issued: Record<string, Issued>; caPem: string }>();
    const ca = new X509Certificate(caPem);
    expect(ca.ca).toBe(true);
    expect(ca.subject).toBe("O=Pg & Harbor\nCN=shop CA");
    expect(Object.keys(issued).sort()).toEqual(["client", "server"]);
    for (const made of Object.values(issued)) {
      expect(made.key.split("\n")[0]).toBe("-----BEGIN EC PRIVATE KEY-----");
      const certificate = new X509Certificate(made.certificate);
      expect(certificate.checkPrivateKey(createPrivateKey(made.key))).toBe(true);
      expect(certificate.verify(ca.publicKey)).toBe(true);
      expect(createPublicKey(made.key).export({ type: "spki", format: "pem" })).toBe(made.public);
      expect(certificate.subjectAltName).toBe("DNS:m1, DNS:shop-m1, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
      expect(certificate.ca).toBe(false);
      expect(Date.parse(made.end) - Date.parse(made.start)).toBe(10 * 3_600_000);
      expect(new Date(certificate.validTo).getTime()).toBe(Date.parse(made.end));
      expect(made.readyForRenewal).toBe(false);
      await verifiedByOpenssl(project.dir, caPem, made);
    }
    const state = await project.export();
    expect(state).not.toContain("PRIVATE KEY");
    for (const { key } of Object.values(issued)) expect(state).not.toContain(key.split("\n")[1]);
  });
});

async function verifiedByOpenssl(folder: string, caPem: string, made: Issued): Promise<void> {
  const write = async (name: string, text: string) => {
    const file = path.join(folder, name);
    await fs.writeFile(file, text, { mode: 0o600 });
    return file;
  };
  const [ca, certificate] = [await write("ca.pem", caPem), await write("certificate.pem", made.certificate)];
  const purpose = ["-purpose", "sslserver", "-verify_hostname", "shop-m1"];
  await execute("openssl", ["verify", "-x509_strict", ...purpose, "-CAfile", ca, certificate]);
  await execute("openssl", ["req", "-verify", "-noout", "-in", await write("request.pem", made.request)]);
}

test("a changed name replaces, a certificate that is due renews itself, its early renewal changes in place", async () => {
  await withPulumiProject({ program }, async (project) => {
    await project.up();
    await project.refresh();
    await project.expectNoChanges();
    await project.setConfig("early", "2");
    expect((await project.up()).summary).toEqual({ updated: 2, unchanged: 7 });
    await project.expectNoChanges();
    await project.setConfig("dnsName", "shop-m2");
    expect((await project.up()).summary).toEqual({ replaced: 4, unchanged: 5 });
    // The certificate is valid for ten hours, and early renewal begins eleven hours before the end: it is due at once.
    await project.setConfig("early", "11");
    const { steps } = await project.previewJson();
    const due = steps.filter((step) => step.op === "replace");
    expect(due).toHaveLength(2);
    expect(Object.keys(due[0]?.detailedDiff ?? {})).toContain("readyForRenewal");
  });
});

test("invalid inputs are explained, without the key", async () => {
  const bad = `import * as tls from "@pulumi/tls";
    new tls.SelfSignedCert("c", { privateKeyPem: "no key at all", validityPeriodHours: -1, allowedUses: ["server_auth", "flying"] });`;
  await withPulumiProject({ program: bad }, async (project) => {
    const failure = await project.preview().catch((error: Error) => error.message);
    expect(failure).toContain("unknown use flying");
    expect(failure).toContain("must be 0 or more, got -1");
    await project.write(
      `import * as tls from "@pulumi/tls"; new tls.PrivateKey("k", { algorithm: "RSA", ecdsaCurve: "P256" });`,
    );
    await expect(project.preview()).rejects.toThrow("the stand-in serves only ECDSA, got RSA");
    await project.write(`import * as tls from "@pulumi/tls";
      new tls.SelfSignedCert("c", { privateKeyPem: "no key at all", validityPeriodHours: 1, allowedUses: ["server_auth"] });`);
    const message = await project.up().catch((error: Error) => error.message);
    expect(message).toContain("privateKeyPem: not a private key in PEM format");
    expect(message).not.toContain("no key at all");
  });
});
