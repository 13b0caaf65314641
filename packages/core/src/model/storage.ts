import type { Read } from "../read/read";
import { UriStyle, type AzureSpec, type GcsSpec, type ObjectStoreSpec, type S3Spec } from "../spec";
import type { StoreType } from "./credentials";
import type { PlatformName, ResolvedObjectStore } from "./types";

/** The object store of a repository, if it has one. `cluster`: whose backups these are. */
export function resolveObjectStore(
  cluster: string,
  { s3, gcs, azure }: Read<ObjectStoreSpec>,
  platform: PlatformName,
): ResolvedObjectStore | undefined {
  if (s3 !== undefined) return { ...shared("s3", cluster, s3), ...resolveS3(s3), roleFrom: s3Role(platform) };
  if (gcs !== undefined) return { ...shared("gcs", cluster, gcs), ...resolveGcs(gcs) };
  if (azure !== undefined) return { ...shared("azure", cluster, azure), ...resolveAzure(azure) };
  return undefined;
}

const shared = (type: StoreType, cluster: string, { path, ca }: Read<S3Spec | GcsSpec | AzureSpec>) => ({
  type,
  path: path ?? `/${cluster}`,
  ca,
  roleFrom: "auto" as const,
});

/** EKS gives a pod a token for its role, in place of the role of the machine. */
const s3Role = (platform: PlatformName) => (platform === "kubernetes" ? "web-id" : "auto");

const resolveS3 = ({ bucket = "", region = "", endpoint, uriStyle }: Read<S3Spec>) => ({
  ...hostAndPort(endpoint ?? `s3.${region}.amazonaws.com`),
  bucket,
  region,
  uriStyle: uriStyle ?? (isAmazon(endpoint) ? UriStyle.Host : UriStyle.Path),
});

const isAmazon = (endpoint: string | undefined): boolean =>
  endpoint === undefined || /\.amazonaws\.com(\.cn)?(:\d+)?$/.test(endpoint);

const resolveGcs = ({ bucket = "", endpoint }: Read<GcsSpec>) => ({
  ...hostAndPort(endpoint ?? "storage.googleapis.com"),
  bucket,
});

const resolveAzure = ({ account, container: bucket = "", endpoint, uriStyle }: Read<AzureSpec>) => ({
  ...hostAndPort(endpoint ?? "blob.core.windows.net"),
  bucket,
  account,
  uriStyle: uriStyle ?? UriStyle.Host,
});

function hostAndPort(endpoint: string): { host: string; port?: number } {
  const [host = "", port] = endpoint.split(":");
  return { host, port: port === undefined ? undefined : Number(port) };
}
