import type { V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { sizeInWords, type Explanation } from "@pgharbor/core";

import { certificateProblems, tlsSecretOf } from "../../clients/kubernetes/objects/certificate-check";
import { hasNoVolume } from "../../clients/kubernetes/objects/claims";
import { nameOf } from "../../clients/kubernetes/objects/pods";
import type { ClaimDemand } from "../../clients/kubernetes/capacity/demand";
import { compareQuantities, quantityOf } from "../../clients/kubernetes/capacity/quantities";
import { readSecret, readSecretMetadata } from "../../clients/kubernetes/objects/secrets";
import { listPriorityClasses, readNamespace, readVersion } from "../../clients/kubernetes/capacity/surroundings";
import { unlessForbidden } from "../../clients/kubernetes/connection/unless-forbidden";
import { podLocation } from "../../clients/location";
import type { PreflightInputs } from "./inputs";
import { defaultClass, isDefault, type Volumes } from "./volumes";

/** Older versions cannot signal the end of a command's input (version 5 of the `exec` protocol). */
const OLDEST_MINOR = 30;

/** Checks that the objects which the program names exist and are valid. */
export async function problemsOfNamed(
  inputs: PreflightInputs,
  volumes: Volumes,
  server: string,
): Promise<Explanation[]> {
  const found = await Promise.all([
    versionProblems(inputs, server),
    namespaceProblems(inputs, server),
    Promise.resolve(storageProblems(inputs, volumes)),
    priorityClassProblems(inputs),
    certificateSecretProblems(inputs),
    ...inputs.imagePullSecrets.map((name, i) => pullSecretProblems(inputs, name, i)),
  ]);
  return found.flat();
}

async function versionProblems(inputs: PreflightInputs, server: string): Promise<Explanation[]> {
  const found = await unlessForbidden("the version of Kubernetes", () => readVersion(podLocation(inputs)));
  if (found?.value === undefined) return [];
  const { major, minor, gitVersion } = found.value;
  // Some providers report "29+".
  if (Number(major) !== 1 || !(parseInt(minor, 10) < OLDEST_MINOR)) return [];
  const problem = `is older than Kubernetes 1.${OLDEST_MINOR}`;
  const fix = `use Kubernetes 1.${OLDEST_MINOR} or later`;
  return [{ path: "kubernetes", problem, value: `${gitVersion} at ${server}`, fix }];
}

async function namespaceProblems(inputs: PreflightInputs, server: string): Promise<Explanation[]> {
  const location = podLocation(inputs);
  const path = "kubernetes.namespace";
  const value = `${JSON.stringify(location.kubernetes.namespace)} at ${server}`;
  const found = await unlessForbidden("the namespace", () => readNamespace(location));
  if (found === undefined) return [];
  if (found.value === undefined) {
    const fix = "create it (before the cluster, where the same program does), or give one that exists";
    return [{ path, problem: "there is no such namespace", value, fix }];
  }
  if (found.value.status?.phase !== "Terminating") return [];
  return [
    { path, problem: "is being deleted", value, fix: "give another one, or wait until it is gone and create it" },
  ];
}

function storageProblems({ claims }: PreflightInputs, { classes, live }: Volumes): Explanation[] {
  const existing = live?.value ?? [];
  const isNew = ({ name }: ClaimDemand) => !existing.some((claim) => nameOf(claim) === name && !hasNoVolume(claim));
  const wanted = new Map(claims.filter(isNew).map((one) => [one.classArgument, one.storageClass]));
  return [
    ...(classes === undefined ? [] : [...wanted].flatMap(([path, name]) => classProblems(path, name, classes.value))),
    ...existing.flatMap((claim) =>
      claims.filter(({ name }) => name === nameOf(claim)).flatMap((one) => sizeProblems(claim, one, classes?.value)),
    ),
  ];
}

function classProblems(path: string, wanted: string | undefined, classes: V1StorageClass[]): Explanation[] {
  const existing = classes.map((one) => nameOf(one) + (isDefault(one) ? " (default)" : "")).join(", ");
  const fix = existing === "" ? "create one: the Kubernetes cluster has none" : `give one that exists: ${existing}`;
  if (wanted === undefined) {
    if (defaultClass(classes) !== undefined) return [];
    return [
      { path, problem: "is not given, and the Kubernetes cluster has no default StorageClass", value: "none", fix },
    ];
  }
  if (classes.some((one) => nameOf(one) === wanted)) return [];
  return [{ path, problem: "there is no such StorageClass", value: JSON.stringify(wanted), fix }];
}

function sizeProblems(
  claim: V1PersistentVolumeClaim,
  { size, sizeArgument: path }: ClaimDemand,
  classes: V1StorageClass[] | undefined,
): Explanation[] {
  if (hasNoVolume(claim)) return [];
  const { metadata, spec, status } = claim;
  const current = spec?.resources?.requests?.storage ?? size;
  const value = `${size} for PersistentVolumeClaim ${metadata?.name} of ${current}`;
  if (compareQuantities(size, current) < 0)
    return [
      { path, problem: "a volume never shrinks", value, fix: `give ${sizeInWords(quantityOf(current))} or more` },
    ];
  // An unbound claim has no volume to expand.
  if (compareQuantities(size, current) === 0 || status?.phase !== "Bound") return [];
  const storageClass = classes?.find((one) => nameOf(one) === spec?.storageClassName);
  if (storageClass === undefined || storageClass.allowVolumeExpansion === true) return [];
  const problem = `volumes of StorageClass ${nameOf(storageClass)} cannot grow (allowVolumeExpansion is not true)`;
  return [{ path, problem, value, fix: "allow it in the class, if its driver can, or keep the size" }];
}

async function priorityClassProblems(inputs: PreflightInputs): Promise<Explanation[]> {
  const { priorityClass } = inputs;
  if (priorityClass === undefined) return [];
  const found = await unlessForbidden("PriorityClasses", () => listPriorityClasses(podLocation(inputs)));
  if (found === undefined || found.value.includes(priorityClass)) return [];
  const fix = `create it, or give one that exists: ${found.value.join(", ")}`;
  const problem = "there is no such PriorityClass";
  return [{ path: "kubernetes.scheduling.priorityClass", problem, value: JSON.stringify(priorityClass), fix }];
}

async function pullSecretProblems(inputs: PreflightInputs, name: string, index: number): Promise<Explanation[]> {
  const found = await unlessForbidden("the Secrets that images are pulled with", () =>
    readSecretMetadata(podLocation(inputs), name),
  );
  if (found === undefined || found.value !== undefined) return [];
  const problem = `there is no such Secret in namespace ${inputs.kubernetes?.namespace}`;
  const fix = "create it (before the cluster, where the same program does), or give one that exists";
  return [{ path: `kubernetes.imagePullSecrets[${index}]`, problem, value: JSON.stringify(name), fix }];
}

/** Finds why a cluster could not start with the certificate, before anything is created. */
async function certificateSecretProblems({ certificate, ...inputs }: PreflightInputs): Promise<Explanation[]> {
  if (certificate === undefined) return [];
  const { secret, names } = certificate;
  const found = await unlessForbidden("the Secret with the certificate", () => readSecret(podLocation(inputs), secret));
  return found === undefined
    ? []
    : problemsOfCertificate(`${inputs.kubernetes?.namespace}/${secret}`, found.value, names);
}

export function problemsOfCertificate(
  secret: string,
  data: Record<string, string> | undefined,
  names: string[],
): Explanation[] {
  const at = { path: "kubernetes.certificates.secret", value: JSON.stringify(secret) };
  if (data === undefined) {
    const fix = "create one with tls.crt, tls.key and ca.crt (before the cluster, where the same program does)";
    return [{ ...at, problem: "there is no such Secret", fix }];
  }
  const [problem] = certificateProblems(tlsSecretOf(data), names, new Date());
  return problem === undefined ? [] : [{ ...at, problem, fix: "correct the Secret" }];
}
