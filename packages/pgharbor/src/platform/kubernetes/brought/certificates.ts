import { setTimeout as sleep } from "node:timers/promises";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { unknownValue } from "../../unknown-value";
import { names, required, type ClusterPlan, type PlannedCertificate, type ResolvedService } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { asItIs, invalidDeferredArgs } from "../../../outputs/problems";
import {
  certificateProblems,
  tlsSecretOf,
  type TlsSecret,
} from "../../../clients/kubernetes/objects/certificate-check";
import { readIssuance } from "../../../clients/kubernetes/objects/certificates";
import { readSecret } from "../../../clients/kubernetes/objects/secrets";
import { namesWithin, type Certificates, type CertificateSource } from "../../certificates";
import { resolvedLocation, locationArgs, serviceHost, subjectOf, type KubernetesContext } from "../context/context";
import { readExistingSecret } from "./existing-secret";
import { labelsOf, metadataOf } from "../context/metadata";

const pair = (secret: pulumi.Output<TlsSecret>) => ({
  certificate: pulumi.unsecret(secret.apply((its) => its.certificate)),
  privateKey: pulumi.secret(secret.apply((its) => its.privateKey)),
});

/** From where the person says. */
export function broughtCertificates(
  context: KubernetesContext,
  plan: ClusterPlan,
  opts: pulumi.CustomResourceOptions,
): CertificateSource {
  const { secret, issuer, clusterIssuer } = context.spec.certificates ?? {};
  if (secret !== undefined) return certificatesOfSecret(context, secret, plan);
  const by: Issuer =
    issuer === undefined
      ? { kind: "ClusterIssuer", name: required(clusterIssuer, "an issuer"), field: "clusterIssuer" }
      : { kind: "Issuer", name: issuer, field: "issuer" };
  return certificatesOfIssuer(context, by, plan, opts);
}

/** Of cert-manager, and where the person names it. */
interface Issuer {
  kind: "Issuer" | "ClusterIssuer";
  name: string;
  field: "issuer" | "clusterIssuer";
}

/** One certificate that somebody else has made, for everything. */
function certificatesOfSecret(context: KubernetesContext, name: string, plan: ClusterPlan): CertificateSource {
  const its = {
    subject: subjectOf(context),
    path: "kubernetes.certificates.secret",
    name,
    wants: "tls.crt, tls.key and ca.crt",
  };
  const read = (certificates: PlannedCertificate[], services: ResolvedService[]) =>
    namesOfSecret(context, certificates, services).apply<TlsSecret>((list) =>
      readExistingSecret(context, its, context.namespace, (data, wrong) => {
        const secret = tlsSecretOf(data);
        const [problem] = certificateProblems(secret, list, new Date());
        if (problem !== undefined) throw wrong(`${problem}; correct the Secret`);
        return secret;
      }),
    );
  const each = (certificates: PlannedCertificate[], secret: pulumi.Output<TlsSecret>): Certificates =>
    Object.fromEntries(certificates.map(({ name }) => [name, pair(secret)]));
  const secret = read(plan.certificates, plan.model.services);
  return {
    caCertificate: pulumi.unsecret(secret.apply((known) => known.caCertificate)),
    certificates: each(plan.certificates, secret),
    more: (added) => each(added.certificates, read(added.certificates, [added.service])),
  };
}

/** The names that one certificate for all of these must have. */
export const namesOfSecret = (
  context: KubernetesContext,
  certificates: PlannedCertificate[],
  services: ResolvedService[],
): pulumi.Output<string[]> =>
  pulumi.all([...certificates.flatMap(neededNames), ...hostsOf(context, services)]).apply((list) => [...new Set(list)]);

/** Those that something connects to: a wildcard for services to come is not asked of somebody else's. */
const neededNames = ({ dnsNames }: PlannedCertificate): string[] =>
  dnsNames.filter((name) => !name.startsWith("*.") && name !== "localhost");

const hostsOf = (context: KubernetesContext, services: ResolvedService[]): pulumi.Output<string>[] =>
  services.map((service) => serviceHost(context, service.fullName));

/** What an issuer has made goes with the cluster. */
class IssuedSecret extends HandledResource<"IssuedSecret"> {
  constructor(context: KubernetesContext, secretName: string, opts: pulumi.CustomResourceOptions) {
    super("IssuedSecret", secretName, { ...locationArgs(context), secretName, cluster: context.model.name }, opts);
  }
}

/** A cert-manager Certificate for each container, as an authority of the cluster's own would give it. */
function certificatesOfIssuer(
  context: KubernetesContext,
  issuer: Issuer,
  plan: ClusterPlan,
  opts: pulumi.CustomResourceOptions,
): CertificateSource {
  const said: FirstError = {};
  const issue = (planned: PlannedCertificate[], its: pulumi.CustomResourceOptions) =>
    planned.map((one) => ({ name: one.name, secret: makeCertificate(context, issuer, one, said, its) }));
  const own = issue(plan.certificates, opts);
  const pairs = (issued: typeof own): Certificates =>
    Object.fromEntries(issued.map(({ name, secret }) => [name, pair(secret)]));
  // An authority that is being replaced has signed some of them, and its successor the others.
  const authorities = pulumi
    .all(own.map(({ secret }) => secret.apply((its) => its.caCertificate.trim())))
    .apply((all) => `${[...new Set(all)].join("\n")}\n`);
  return {
    caCertificate: pulumi.unsecret(authorities),
    certificates: pairs(own),
    more: (added, its) => pairs(issue(added.certificates, its)),
  };
}

/** What keeps an issuer from signing one mostly keeps it from all: it is said once. */
interface FirstError {
  error?: Error;
}

function makeCertificate(
  context: KubernetesContext,
  issuer: Issuer,
  planned: PlannedCertificate,
  said: FirstError,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<TlsSecret> {
  const secretName = names.issuedSecret(planned.name);
  const labels = labelsOf(context, "certificate");
  // Made before it, so deleted after it: cert-manager would make it again.
  const issued = new IssuedSecret(context, secretName, opts);
  const dnsNames = namesWithin(context.namespace, planned.dnsNames);
  const certificate = new k8s.apiextensions.CustomResource(
    `${planned.name}-certificate`,
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      // Waited for below, with what its issuer says of it.
      metadata: metadataOf(context, planned.name, labels, { "pulumi.com/skipAwait": "true" }),
      spec: {
        secretName,
        secretTemplate: { labels, ...(context.spec.annotations && { annotations: context.spec.annotations }) },
        commonName: planned.name.length > 64 ? undefined : planned.name,
        subject: { organizations: ["pgharbor"] },
        dnsNames,
        ipAddresses: planned.ipAddresses,
        usages: ["digital signature", "key encipherment", "server auth"],
        // cert-manager's own is 90 days.
        duration: context.validityDays === undefined ? undefined : `${context.validityDays * 24}h`,
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        issuerRef: {
          group: "cert-manager.io",
          kind: issuer.kind,
          name: issuer.name,
        },
      },
    },
    context.marker.named({ ...opts, dependsOn: [issued] }),
  );
  const ready = pulumi.all([context.namespace, context.kubeconfig, dnsNames, certificate.id]);
  const secret = ready.apply(([namespace, kubeconfig, list]) =>
    untilIssued(context, issuer, { namespace, kubeconfig, certificate: planned.name, secretName, names: list }).catch(
      (error: Error) => {
        throw (said.error ??= asItIs(error));
      },
    ),
  );
  return pulumi.secret(secret);
}

interface Issued {
  namespace: string;
  kubeconfig: string | undefined;
  certificate: string;
  secretName: string;
  names: string[];
}

const ISSUED_SECONDS = 90;
/** A Secret is written before its Certificate is ready. */
const WRITTEN_SECONDS = 5;

async function untilIssued(context: KubernetesContext, issuer: Issuer, its: Issued): Promise<TlsSecret> {
  const location = resolvedLocation(context, its.namespace, its.kubeconfig);
  const start = Date.now();
  let readySince: number | undefined;
  for (;;) {
    const { isReady, says } = await readIssuance(location, its.certificate);
    const secret = tlsSecretOf((isReady ? await readSecret(location, its.secretName) : undefined) ?? {});
    const [problem] = isReady ? certificateProblems(secret, its.names, new Date()) : [says];
    if (problem === undefined) return secret;
    // What it will say is known once it is made.
    if (pulumi.runtime.isDryRun()) return unknownValue();
    readySince = isReady ? (readySince ?? Date.now()) : undefined;
    const isOver = Date.now() - start > ISSUED_SECONDS * 1000;
    if (isOver || Date.now() - (readySince ?? Date.now()) > WRITTEN_SECONDS * 1000)
      throw notIssued(
        context,
        issuer,
        its,
        isReady ? `Secret "${its.namespace}/${its.secretName}" ${problem}` : problem,
      );
    await sleep(1000);
  }
}

function notIssued(
  context: KubernetesContext,
  { name, field }: Issuer,
  { namespace, certificate }: Issued,
  why: string,
): Error {
  const message =
    `${JSON.stringify(name)} has not made a certificate that the cluster can use for Certificate ` +
    `"${namespace}/${certificate}" within ${ISSUED_SECONDS} s: ${why}; correct the issuer, or name another, and run the update again`;
  return invalidDeferredArgs(subjectOf(context), [{ path: `kubernetes.certificates.${field}`, message }]);
}
