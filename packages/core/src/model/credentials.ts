import type { StoreType } from "./types";

/** Credentials by kind of object store, in the stores' own words. */
export const credentialNames = {
  s3: ["accessKeyId", "secretAccessKey", "sessionToken"],
  gcs: ["serviceAccountKey"],
  azure: ["accountKey", "sasToken"],
} as const satisfies Record<StoreType, readonly string[]>;
export type CredentialName = (typeof credentialNames)[StoreType][number];
