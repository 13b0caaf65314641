import type { KubernetesObject } from "@kubernetes/client-node";
import { labelKeys, ExplainedError } from "@pgharbor/core";

import { describeOwner, ownerOf } from "../../shared/owner";
import { deleteAll } from "./clean-up";
import { callApi, type PodLocation } from "../connection/client";
import { unlessForbidden } from "../connection/unless-forbidden";

/** An object that a provider is about to create. */
export interface NamedObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
}

/** Workloads come first, because pods use the other objects. The ServiceAccount stays: it identifies the Kubernetes cluster. */
const KINDS = [
  { apiVersion: "apps/v1", kind: "StatefulSet" },
  { apiVersion: "apps/v1", kind: "Deployment" },
  { apiVersion: "v1", kind: "Service" },
  { apiVersion: "policy/v1", kind: "PodDisruptionBudget" },
  { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
  { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding" },
  { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role" },
  { apiVersion: "cert-manager.io/v1", kind: "Certificate" },
  { apiVersion: "v1", kind: "Secret" },
] as const;
type Kind = { apiVersion: string; kind: string };
type Labels = Record<string, string> | undefined;

/** A member's pod stops gracefully: Patroni moves the primary away, and PostgreSQL writes a checkpoint. */
const GONE_SECONDS = 300;

/**
 * Deletes the object of this name that a killed run created and could not record, because Kubernetes or Pulumi's provider would
 * refuse to create it again. Throws where the object has another owner: a provider that adopts objects must not adopt that one.
 */
export async function clearLeftover(location: PodLocation, wanted: NamedObject): Promise<void> {
  const found = (await unlessForbidden(`${wanted.kind}s`, () => read(location, wanted)))?.value;
  if (found === undefined) return;
  if (!isSame(wanted.metadata.labels, found.metadata?.labels)) throw nameConflict(location, wanted, found);
  // Pods stay, and the object that is created next adopts them.
  await remove(location, wanted, "Orphan");
}

/** The role must match too: a binding may ask for the name of a member's Secret. */
const isSame = (wanted: Labels, found: Labels): boolean =>
  wanted?.[labelKeys.clusterUid] !== undefined &&
  [labelKeys.clusterUid, labelKeys.role].every((key) => found?.[key] === wanted[key]);

/** Deletes everything with a cluster's uid. Objects in the stack's state are deleted before this. */
export async function removeLeftovers(location: PodLocation, uid: string): Promise<void> {
  for (const kind of KINDS) await removeOfKind(location, kind, { [labelKeys.clusterUid]: uid });
}

/** Deletes a StatefulSet that no state contains, and waits until its pod is gone, because the pod uses a claim. */
export const removeSet = (location: PodLocation, uid: string, labels: Record<string, string>): Promise<void> =>
  removeOfKind(location, KINDS[0], { ...labels, [labelKeys.clusterUid]: uid });

async function removeOfKind(location: PodLocation, kind: Kind, labels: Record<string, string>): Promise<void> {
  const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const found = await unlessForbidden(`${kind.kind}s`, () => list(location, kind, selector.join(",")));
  for (const { metadata } of found?.value ?? [])
    await remove(location, { ...kind, metadata: { name: metadata?.name ?? "" } }, "Foreground");
}

async function remove(location: PodLocation, object: NamedObject, propagation: "Orphan" | "Foreground"): Promise<void> {
  const path = pathOf(location, object);
  console.log(`${path}: left by an interrupted run, is deleted`);
  await deleteAll(
    path,
    async () => ((await read(location, object)) === undefined ? 0 : 1),
    () =>
      callApi(location, `delete ${path}`, ({ objects }) =>
        objects.delete(header(location, object), undefined, undefined, undefined, undefined, propagation),
      ),
    GONE_SECONDS,
  );
}

const read = (location: PodLocation, object: NamedObject): Promise<KubernetesObject | undefined> =>
  callApi(location, `read ${pathOf(location, object)}`, ({ objects }) => objects.read(header(location, object)));

/** Returns no objects for a kind that the API server does not have. */
async function list(location: PodLocation, kind: Kind, labelSelector: string): Promise<KubernetesObject[]> {
  const { namespace } = location.kubernetes;
  const found = await callApi(location, `list ${kind.kind}s in namespace ${namespace}`, async ({ objects }) => {
    const unknownKind = (error: Error) => {
      if (/^Unrecognized API version and kind/.test(error.message)) return { items: [] as KubernetesObject[] };
      throw error;
    };
    return objects
      .list(kind.apiVersion, kind.kind, namespace, undefined, undefined, undefined, undefined, labelSelector)
      .catch(unknownKind);
  });
  return found?.items ?? [];
}

const header = (location: PodLocation, { apiVersion, kind, metadata }: NamedObject) => ({
  apiVersion,
  kind,
  metadata: { name: metadata.name, namespace: location.kubernetes.namespace },
});

const pathOf = ({ kubernetes }: PodLocation, { kind, metadata }: NamedObject): string =>
  `${kind} ${kubernetes.namespace}/${metadata.name}`;

function nameConflict(location: PodLocation, wanted: NamedObject, found: KubernetesObject): Error {
  const { labels, annotations } = found.metadata ?? {};
  return new ExplainedError({
    path: pathOf(location, wanted),
    problem: `already exists and is ${describeOwner(ownerOf({ ...labels, ...annotations }))}`,
    value: JSON.stringify(wanted.metadata.name),
    fix: "give this cluster or its service another name; or delete that object, if nobody needs it",
  });
}
