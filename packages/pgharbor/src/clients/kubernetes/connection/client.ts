import { required } from "@pgharbor/core";
import { createHash } from "node:crypto";
import type {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  RequestContext,
  SchedulingV1Api,
  StorageV1Api,
  VersionApi,
} from "@kubernetes/client-node";
import { loadKubernetesClient } from "../../../../dynamic/kubernetes-client";
import { kubeconfigSource, loadInto, thisMachine } from "./kubeconfig";
import { explainApi, isTransient } from "./explain";
import { assertAccount, type ServiceAccountIdentity } from "./same-kubernetes";

/** The location of pods. */
export interface NamespaceLocation {
  namespace: string;
  /** A context of the kubeconfig. @default the current context */
  context?: string;
  /** Created there by the provider. Without it, or with another uid, this is another Kubernetes cluster. */
  account?: ServiceAccountIdentity;
}
/** The same, with the credentials to connect. */
export interface PodLocation {
  kubernetes: NamespaceLocation;
  /** Contents or path of a kubeconfig; secret. @default KUBECONFIG, ~/.kube/config, the pod's service account */
  kubeconfig?: string;
}

type Library = Awaited<ReturnType<typeof loadKubernetesClient>>;
export interface KubernetesClient {
  library: Library;
  config: KubeConfig;
  core: CoreV1Api;
  apps: AppsV1Api;
  storage: StorageV1Api;
  scheduling: SchedulingV1Api;
  version: VersionApi;
  /** Objects of any kind. */
  objects: KubernetesObjectApi;
  /** The address of the API server. */
  server: string;
}

/** An API server that does not answer must not block a deployment. */
const REQUEST_TIMEOUT_MS = 30_000;
/** An API server may just restart, or move to another node. */
const RETRY_MS = [250, 500, 1000, 2000, 4000];

/** `Accept` headers that ask for the metadata of objects and not for their contents. */
export const METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
export const METADATA_LIST = METADATA.replace("Metadata;", "MetadataList;");

const clients = new Map<string, Promise<KubernetesClient>>();
const verified = new Map<string, Promise<void>>();

/** Throws where the kubeconfig now connects to another Kubernetes cluster than the location's. */
export async function kubernetesClient(location: PodLocation): Promise<KubernetesClient> {
  const { namespace, context, account } = location.kubernetes;
  const connection = [location.kubeconfig, context, process.env.KUBECONFIG];
  const client = await once(clients, connection, () => connect(location));
  if (account === undefined) return client;
  const api = <T>(what: string, request: (core: CoreV1Api) => Promise<T>) =>
    withRetries(client, what, ({ core }) => request(core));
  await once(verified, [...connection, namespace, account], () =>
    assertAccount(api, client.server, namespace, account),
  );
  return client;
}

function once<T>(known: Map<string, Promise<T>>, by: unknown[], create: () => Promise<T>): Promise<T> {
  const key = createHash("sha256").update(JSON.stringify(by)).digest("hex");
  const found = known.get(key);
  if (found !== undefined) return found;
  const created = create();
  known.set(key, created);
  created.catch(() => known.delete(key));
  return created;
}

async function connect(location: PodLocation): Promise<KubernetesClient> {
  const source = kubeconfigSource(location.kubeconfig, thisMachine());
  const library = await loadKubernetesClient();
  const config = loadInto(() => new library.KubeConfig(), source, location.kubernetes.context);
  const { server } = required(config.getCurrentCluster() ?? undefined, "the cluster of the kubeconfig's context");
  const configuration = library.createConfiguration({
    baseServer: new library.ServerConfiguration(server, {}),
    authMethods: { default: config },
    promiseMiddleware: [{ pre: withTimeout, post: (response) => Promise.resolve(response) }],
  });
  const core = new library.CoreV1Api(configuration);
  const apps = new library.AppsV1Api(configuration);
  const storage = new library.StorageV1Api(configuration);
  const scheduling = new library.SchedulingV1Api(configuration);
  const version = new library.VersionApi(configuration);
  const objects = new library.KubernetesObjectApi(configuration);
  return { library, config, core, apps, storage, scheduling, version, objects, server };
}

function withTimeout(request: RequestContext): Promise<RequestContext> {
  request.setSignal(AbortSignal.timeout(REQUEST_TIMEOUT_MS));
  return Promise.resolve(request);
}

/**
 * One request to the API, retried for a short while when the server is away, so it must be repeatable. `what` completes
 * "may not …" and "could not …" in errors. Returns `undefined` for an object that does not exist.
 */
export async function callApi<T>(
  location: PodLocation,
  what: string,
  request: (client: KubernetesClient) => Promise<T>,
): Promise<T | undefined> {
  return withRetries(await kubernetesClient(location), what, request);
}

async function withRetries<T>(
  client: KubernetesClient,
  what: string,
  request: (client: KubernetesClient) => Promise<T>,
): Promise<T | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await request(client);
    } catch (error) {
      if ((error as { code?: unknown }).code === 404) return undefined;
      if (!isTransient(error) || attempt >= RETRY_MS.length) throw explainApi(client.server, what, error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS[attempt]));
    }
  }
}
