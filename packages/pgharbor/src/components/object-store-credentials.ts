import * as pulumi from "@pulumi/pulumi";
import {
  checkCredentials,
  credentialKey,
  credentialNames,
  isObject,
  storeTypes,
  type ClusterModel,
  type Problem,
  type ResolvedObjectStore,
} from "@pgharbor/core";
import { invalidDeferredArgs } from "../outputs/problems";

/** Credentials of an object store: those of S3, of GCS, or of Azure. */
export interface ObjectStoreCredentials {
  /** Of S3. */
  accessKeyId?: pulumi.Input<string>;
  /** Of S3, with `accessKeyId`. */
  secretAccessKey?: pulumi.Input<string>;
  /** Of S3, for temporary credentials. */
  sessionToken?: pulumi.Input<string>;
  /** Of GCS: the key of a service account, as JSON. */
  serviceAccountKey?: pulumi.Input<string>;
  /** Of Azure: an access key of the storage account. */
  accountKey?: pulumi.Input<string>;
  /** Of Azure, in place of `accountKey`: a shared access signature, without a question mark at its beginning. */
  sasToken?: pulumi.Input<string>;
}

/** What a program gives: credentials by repository, and those of the backups that a new cluster starts from. */
export interface GivenCredentials {
  backups?: pulumi.Input<Record<string, pulumi.Input<ObjectStoreCredentials>>>;
  restore?: pulumi.Input<ObjectStoreCredentials>;
}

/** A repository in an object store, or the backups there that a new cluster starts from. */
interface Place {
  /** Absent: the backups that a new cluster starts from. */
  repository?: string;
  storage: ResolvedObjectStore;
}

/** Every credential that a file may contain, by its key; "" where the program gives none. They are checked as soon as they are known. */
export function objectStoreCredentials(
  subject: string,
  model: ClusterModel,
  given: GivenCredentials,
): Record<string, pulumi.Output<string>> {
  const places = objectStoresOf(model);
  const known = pulumi.all([given.backups, given.restore]).apply(([backups = {}, restore = {}]) => {
    const all: KnownCredentials = { backups, restore };
    const problems = [...unknownRepositories(backups, places), ...places.flatMap((one) => problemsOf(one, all))];
    if (problems.length > 0) throw invalidDeferredArgs(subject, problems);
    return all;
  });
  return Object.fromEntries(
    places.flatMap((place) =>
      credentialNames[place.storage.type].map((name) => [
        credentialKey(place.repository, name),
        pulumi.secret(known.apply((all) => (credentialsOf(place, all) as Record<string, string>)[name] ?? "")),
      ]),
    ),
  );
}

/** True if a program needs credentials, or could give some. */
export const hasObjectStore = (repositories: unknown): boolean =>
  isObject(repositories) &&
  Object.values(repositories).some((one) => isObject(one) && storeTypes.some((type) => one[type] !== undefined));

function objectStoresOf({ backups, restore }: ClusterModel): Place[] {
  const places = [
    ...(backups?.repositories ?? []).map(({ name, storage }) => ({ repository: name, storage })),
    ...(restore === undefined ? [] : [{ storage: restore.storage }]),
  ];
  return places.flatMap(({ storage, ...place }) => (storage.type === "volume" ? [] : [{ ...place, storage }]));
}

type KnownCredentials = { backups: Record<string, unknown>; restore: unknown };

const credentialsOf = ({ repository }: Place, { backups, restore }: KnownCredentials): unknown =>
  repository === undefined ? restore : (backups[repository] ?? {});

const problemsOf = (place: Place, given: KnownCredentials): Problem[] =>
  checkCredentials(
    place.repository === undefined ? "restoreCredentials" : `backupCredentials.${place.repository}`,
    place.storage,
    credentialsOf(place, given),
  );

function unknownRepositories(given: Record<string, unknown>, places: Place[]): Problem[] {
  const known = places.flatMap(({ repository }) => repository ?? []);
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: `backupCredentials.${name}`,
      message: `is no repository in an object store; those of \`backups\` are ${known.join(", ") || "none"}`,
    }));
}
