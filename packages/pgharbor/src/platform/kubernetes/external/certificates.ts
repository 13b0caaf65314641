import { setTimeout as sleep } from "node:timers/promises";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { unknownValue } from "../../unknown-value";
import { names, required, type ClusterPlan, type PlannedCertificate, type ResolvedService } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { withFixedMessage, invalidDeferredArgs } from "../../../outputs/problems";
import {
  certificateProblems,
  tlsSecretOf,
  type TlsSecret,
} from "../../../clients/kubernetes/objects/certificate-check";
import { readIssuance } from "../../../clients/kubernetes/objects/certificates";
import { readSecret } from "../../../clients/kubernetes/objects/secrets";
import { resolveNamespace, type Certificates, type CertificateSource } from "../../certificates";
import { resolvedLocation, locationArgs, serviceHost, subjectOf, type KubernetesContext } from "../context/context";
import { readExistingSecret } from "./existing-secret";
import { labelsOf, metadataOf } from "../context/metadata";

const pair = (secret: pulumi.Output<TlsSecret>) => ({
  certificate: pulumi.unsecret(secret.apply(({ certificate }) => certificate)),
  privateKey: pulumi.secret(secret.apply(({ privateKey }) => privateKey)),
});

/** Certificates from the Secret or issuer that the program names. */
export function createExternalCertificates(
  context: KubernetesContext,
  plan: ClusterPlan,
  opts: pulumi.CustomResourceOptions,
): CertificateSource {
  const { secret, issuer, clusterIssuer } = context.spec.certificates ?? {};
  if (secret !== undefined) return readCertificateSecret(context, secret, plan);
  const by: Issuer =
    issuer === undefined
      ? { kind: "ClusterIssuer", name: required(clusterIssuer, "an issuer"), field: "clusterIssuer" }
      : { kind: "Issuer", name: issuer, field: "issuer" };
  return createIssuedCertificates(context, by, plan, opts);
}

/** An issuer of cert-manager, and the argument with its name. */
interface Issuer {
  kind: "Issuer" | "ClusterIssuer";
  name: string;
  field: "issuer" | "clusterIssuer";
}

/** One existing certificate for all servers. */
function readCertificateSecret(context: KubernetesContext, name: string, plan: ClusterPlan): CertificateSource {
  const source = {
    subject: subjectOf(context),
    path: "kubernetes.certificates.secret",
    name,
    expected: "tls.crt, tls.key and ca.crt",
  };
  const read = (certificates: PlannedCertificate[], services: ResolvedService[]) =>
    namesOfSecret(context, certificates, services).apply<TlsSecret>((list) =>
      readExistingSecret(context, source, context.namespace, (data, createError) => {
        const secret = tlsSecretOf(data);
        const [problem] = certificateProblems(secret, list, new Date());
        if (problem !== undefined) throw createError(`${problem}; correct the Secret`);
        return secret;
      }),
    );
  const each = (certificates: PlannedCertificate[], secret: pulumi.Output<TlsSecret>): Certificates =>
    Object.fromEntries(certificates.map(({ name }) => [name, pair(secret)]));
  const secret = read(plan.certificates, plan.model.services);
  return {
    caCertificate: pulumi.unsecret(secret.apply((known) => known.caCertificate)),
    certificates: each(plan.certificates, secret),
    createAdded: (added) => each(added.certificates, read(added.certificates, [added.service])),
  };
}

/** The names that one certificate for all servers must contain. */
export const namesOfSecret = (
  context: KubernetesContext,
  certificates: PlannedCertificate[],
  services: ResolvedService[],
): pulumi.Output<string[]> =>
  pulumi.all([...certificates.flatMap(neededNames), ...hostsOf(context, services)]).apply((list) => [...new Set(list)]);

/** Names to which clients connect. An external certificate needs no wildcard for services that may be added later. */
const neededNames = ({ dnsNames }: PlannedCertificate): string[] =>
  dnsNames.filter((name) => !name.startsWith("*.") && name !== "localhost");

const hostsOf = (context: KubernetesContext, services: ResolvedService[]): pulumi.Output<string>[] =>
  services.map((service) => serviceHost(context, service.fullName));

/** Deletes the Secret of an issued certificate with the cluster. */
class IssuedSecret extends HandledResource<"IssuedSecret"> {
  constructor(context: KubernetesContext, secretName: string, opts: pulumi.CustomResourceOptions) {
    super("IssuedSecret", secretName, { ...locationArgs(context), secretName, cluster: context.model.name }, opts);
  }
}

/** Creates a cert-manager Certificate for each container, with the same contents as one of the cluster's own authority. */
function createIssuedCertificates(
  context: KubernetesContext,
  issuer: Issuer,
  plan: ClusterPlan,
  opts: pulumi.CustomResourceOptions,
): CertificateSource {
  const firstError: FirstError = {};
  const issue = (planned: PlannedCertificate[], createOpts: pulumi.CustomResourceOptions) =>
    planned.map((one) => ({
      name: one.name,
      secret: createCertificate(context, issuer, one, firstError, createOpts),
    }));
  const own = issue(plan.certificates, opts);
  const pairs = (issued: typeof own): Certificates =>
    Object.fromEntries(issued.map(({ name, secret }) => [name, pair(secret)]));
  // While an authority is replaced, the old and the new one have each signed some certificates.
  const authorities = pulumi
    .all(own.map(({ secret }) => secret.apply(({ caCertificate }) => caCertificate.trim())))
    .apply((all) => `${[...new Set(all)].join("\n")}\n`);
  return {
    caCertificate: pulumi.unsecret(authorities),
    certificates: pairs(own),
    createAdded: (added, addedOpts) => pairs(issue(added.certificates, addedOpts)),
  };
}

/** The first error of an issuer. All certificates fail with it, because an issuer mostly fails for all of them. */
interface FirstError {
  error?: Error;
}

function createCertificate(
  context: KubernetesContext,
  issuer: Issuer,
  planned: PlannedCertificate,
  firstError: FirstError,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<TlsSecret> {
  const secretName = names.issuedSecret(planned.name);
  const labels = labelsOf(context, "certificate");
  // Created before the Certificate, so deleted after it: otherwise cert-manager would create the Secret again.
  const issued = new IssuedSecret(context, secretName, opts);
  const dnsNames = resolveNamespace(context.namespace, planned.dnsNames);
  const certificate = new k8s.apiextensions.CustomResource(
    `${planned.name}-certificate`,
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      // waitForIssuance waits instead, and reports the issuer's messages.
      metadata: metadataOf(context, planned.name, labels, { "pulumi.com/skipAwait": "true" }),
      spec: {
        secretName,
        secretTemplate: { labels, ...(context.spec.annotations && { annotations: context.spec.annotations }) },
        commonName: planned.name.length > 64 ? undefined : planned.name,
        subject: { organizations: ["pgharbor"] },
        dnsNames,
        ipAddresses: planned.ipAddresses,
        usages: ["digital signature", "key encipherment", "server auth"],
        // Otherwise cert-manager's default, 90 days.
        duration: context.validityDays === undefined ? undefined : `${context.validityDays * 24}h`,
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        issuerRef: {
          group: "cert-manager.io",
          kind: issuer.kind,
          name: issuer.name,
        },
      },
    },
    context.marker.withCleanupHooks({ ...opts, dependsOn: [issued] }),
  );
  const ready = pulumi.all([context.namespace, context.kubeconfig, dnsNames, certificate.id]);
  const secret = ready.apply(([namespace, kubeconfig, list]) =>
    waitForIssuance(context, issuer, {
      namespace,
      kubeconfig,
      certificate: planned.name,
      secretName,
      names: list,
    }).catch((error: Error) => {
      throw (firstError.error ??= withFixedMessage(error));
    }),
  );
  return pulumi.secret(secret);
}

interface AwaitedCertificate {
  namespace: string;
  kubeconfig: string | undefined;
  certificate: string;
  secretName: string;
  names: string[];
}

const ISSUED_SECONDS = 90;
/** The Secret is written shortly before the Certificate is ready. */
const WRITTEN_SECONDS = 5;

async function waitForIssuance(
  context: KubernetesContext,
  issuer: Issuer,
  awaited: AwaitedCertificate,
): Promise<TlsSecret> {
  const { namespace, kubeconfig, certificate, secretName, names } = awaited;
  const location = resolvedLocation(context, namespace, kubeconfig);
  const start = Date.now();
  let readySince: number | undefined;
  for (;;) {
    const { isReady, message } = await readIssuance(location, certificate);
    const secret = tlsSecretOf((isReady ? await readSecret(location, secretName) : undefined) ?? {});
    const [problem] = isReady ? certificateProblems(secret, names, new Date()) : [message];
    if (problem === undefined) return secret;
    // A preview does not wait for a certificate that does not exist yet.
    if (pulumi.runtime.isDryRun()) return unknownValue();
    readySince = isReady ? (readySince ?? Date.now()) : undefined;
    const isOver = Date.now() - start > ISSUED_SECONDS * 1000;
    if (isOver || Date.now() - (readySince ?? Date.now()) > WRITTEN_SECONDS * 1000)
      throw notIssued(context, issuer, awaited, isReady ? `Secret "${namespace}/${secretName}" ${problem}` : problem);
    await sleep(1000);
  }
}

function notIssued(
  context: KubernetesContext,
  { name, field }: Issuer,
  { namespace, certificate }: AwaitedCertificate,
  why: string,
): Error {
  const message =
    `${JSON.stringify(name)} has not issued a usable certificate for Certificate ` +
    `"${namespace}/${certificate}" within ${ISSUED_SECONDS} s: ${why}; correct the issuer, or use another one, and run the update again`;
  return invalidDeferredArgs(subjectOf(context), [{ path: `kubernetes.certificates.${field}`, message }]);
}
