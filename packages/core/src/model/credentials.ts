/** Credentials by kind of object store, in the stores' own words. */
export const credentialNames = {
  s3: ["accessKeyId", "secretAccessKey", "sessionToken"],
  gcs: ["serviceAccountKey"],
  azure: ["accountKey", "sasToken"],
} as const;

/** Kinds of object stores, in the words of the specification and of pgBackRest. */
export type StoreType = keyof typeof credentialNames;
export const storeTypes = Object.keys(credentialNames) as StoreType[];

export type CredentialName = (typeof credentialNames)[StoreType][number];
