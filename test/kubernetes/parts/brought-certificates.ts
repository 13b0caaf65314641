import type { BroughtCluster, Named } from "../../support/kubernetes/brought-cluster";

/** Certificates from a cert-manager issuer. */
export function testIssuerCertificates(shared: () => BroughtCluster): void {
  const explained = (work: () => Promise<void>) => () => shared().certManager.explain(work);

  test("the issuer's authority is the cluster's CA", async () => {
    const { project, authority } = shared();
    expect((await project.outputs<{ caCertificate: string }>()).caCertificate.trim()).toBe(authority.cert.trim());
  });

  // cert-manager issues a new certificate when the Secret is deleted, as it does at renewal.
  test(
    "the next update uses a renewed certificate, and nothing restarts",
    explained(async () => {
      const { project, kubernetes, namespace } = shared();
      const before = await shared().lives();
      const old = (await shared().decoded(namespace, "shop-m1-tls"))["tls.crt"];
      await kubernetes.kubectl(["-n", namespace, "delete", "secret", "shop-m1-tls"]);
      await project.up();
      await project.expectNoChanges();
      const renewed = (await shared().decoded(namespace, "shop-m1-tls"))["tls.crt"];
      expect(renewed).not.toBe(old);
      expect(await shared().inMember("shop-m1-0", "cat /etc/pgharbor/current/tls.crt")).toBe(renewed);
      // Compares the certificates that Postgres and Patroni present.
      for (const [port, more] of [
        ["5432", "-starttls postgres"],
        ["8008", ""],
      ]) {
        const ask = `openssl s_client -connect 127.0.0.1:${port} ${more} -CAfile /etc/pgharbor/current/ca.crt -verify_return_error </dev/null 2>/dev/null | openssl x509`;
        expect((await shared().inMember("shop-m1-0", ask)).trim()).toBe(renewed.split("\n\n")[0].trim());
      }
      expect(await shared().lives()).toEqual(before);
    }),
  );

  // The new issuer has the same authority, as when a team moves to the organisation's issuer.
  test(
    "a new issuer signs all certificates again, and nothing restarts",
    explained(async () => {
      const { project, kubernetes, namespace } = shared();
      await shared().certificatesFrom({ clusterIssuer: "harbour-wide" });
      await shared().apply({
        apiVersion: "cert-manager.io/v1",
        kind: "ClusterIssuer",
        metadata: { name: "harbour-wide" },
        spec: { ca: { secretName: "harbour-ca" } },
      });
      const before = await shared().lives();
      const old = await shared().decoded(namespace, "shop-m1-tls");
      await project.up();
      await project.expectNoChanges();
      const { metadata } = await kubernetes.get<Named>(["secret", "shop-m1-tls", "-n", namespace]);
      expect(metadata.annotations).toMatchObject({
        "cert-manager.io/issuer-kind": "ClusterIssuer",
        "cert-manager.io/issuer-name": "harbour-wide",
      });
      const renewed = (await shared().decoded(namespace, "shop-m1-tls"))["tls.crt"];
      expect(renewed).not.toBe(old["tls.crt"]);
      expect(await shared().inMember("shop-m1-0", "cat /etc/pgharbor/current/tls.crt")).toBe(renewed);
      expect(await shared().lives()).toEqual(before);
    }),
  );
}
