import type { UriStyle } from "./enums";

/** Place of a repository in an object store. A change reloads; what was stored stays where it was. */
export interface StorePlace {
  /** Folder in it, from the root. @default "/<name of the cluster>" */
  path?: string;
  /** PEM of the authority that signed the certificate of the endpoint. The connection is always encrypted. @default those of Debian */
  ca?: string;
}

/** A bucket of Amazon S3, or of a store with its API, such as MinIO, Ceph, Cloudflare R2 or Wasabi. */
export interface S3Spec extends StorePlace {
  /** Name of the bucket. It must exist. */
  bucket: string;
  /** The region, such as "eu-central-1"; for other stores what they ask for, often "us-east-1". */
  region: string;
  /** Host of another store, with its port if that is not 443: "minio.example.com:9000". @default "s3.<region>.amazonaws.com" */
  endpoint?: string;
  /** Where requests name the bucket: in the host name or in the path, which most other stores need. @default "host" at Amazon, else "path" */
  uriStyle?: UriStyle;
}

/** A bucket of Google Cloud Storage. */
export interface GcsSpec extends StorePlace {
  /** Name of the bucket. It must exist. */
  bucket: string;
  /** Host of another endpoint, with its port if that is not 443. @default "storage.googleapis.com" */
  endpoint?: string;
}

/** A container of Azure Blob Storage. */
export interface AzureSpec extends StorePlace {
  /** Name of the storage account. */
  account: string;
  /** Name of the container in it. It must exist. */
  container: string;
  /** Host of another endpoint, with its port if that is not 443. @default "blob.core.windows.net" */
  endpoint?: string;
  /** Where requests name the account: in the host name or in the path. @default "host" */
  uriStyle?: UriStyle;
}

/** Object stores, of which a repository has one. */
export interface ObjectStoreSpec {
  /** Amazon S3, or a store with its API. */
  s3?: S3Spec;
  /** Google Cloud Storage. */
  gcs?: GcsSpec;
  /** Azure Blob Storage. */
  azure?: AzureSpec;
}
