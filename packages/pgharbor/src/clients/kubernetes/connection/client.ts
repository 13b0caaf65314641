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
import { explainApi, isPassing } from "./explain";
import { verifyAccount, type ServiceAccountIdentity } from "./same-kubernetes";

/** Where pods are. */
export interface NamespaceLocation {
  namespace: string;
  /** A context of the kubeconfig. @default its current one */
  context?: string;
  /** What the provider has made there: with another one, or none, it is another Kubernetes. */
  account?: ServiceAccountIdentity;
}
/** The same, with the way there. */
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

/** An API server that does not answer at all must not hold a deployment up. */
const REQUEST_TIMEOUT_MS = 30_000;
/** An API server that just restarts, or moves to another node. */
const RETRY_MS = [250, 500, 1000, 2000, 4000];

/** What an `Accept` says to get what objects are called and whose they are, and nothing that is in them. */
export const METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
export const METADATA_LIST = METADATA.replace("Metadata;", "MetadataList;");

const clients = new Map<string, Promise<KubernetesClient>>();
const verified = new Map<string, Promise<void>>();

/** Of the Kubernetes that the location is of, and of no other that a kubeconfig leads to today. */
export async function kubernetesClient(location: PodLocation): Promise<KubernetesClient> {
  const { namespace, context, account } = location.kubernetes;
  const way = [location.kubeconfig, context, process.env.KUBECONFIG];
  const client = await once(clients, way, () => connect(location));
  if (account === undefined) return client;
  const api = <T>(what: string, request: (core: CoreV1Api) => Promise<T>) =>
    repeated(client, what, ({ core }) => request(core));
  await once(verified, [...way, namespace, account], () => verifyAccount(api, client.server, namespace, account));
  return client;
}

function once<T>(known: Map<string, Promise<T>>, by: unknown[], make: () => Promise<T>): Promise<T> {
  const key = createHash("sha256").update(JSON.stringify(by)).digest("hex");
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
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
 * One request to the API, repeated for a short while when the server is away, so it must be repeatable. `what` completes
 * "may not …" and "could not …" in errors. An object that is not there gives `undefined`.
 */
export async function callApi<T>(
  location: PodLocation,
  what: string,
  request: (client: KubernetesClient) => Promise<T>,
): Promise<T | undefined> {
  return repeated(await kubernetesClient(location), what, request);
}

async function repeated<T>(
  client: KubernetesClient,
  what: string,
  request: (client: KubernetesClient) => Promise<T>,
): Promise<T | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await request(client);
    } catch (error) {
      if ((error as { code?: unknown }).code === 404) return undefined;
      if (!isPassing(error) || attempt >= RETRY_MS.length) throw explainApi(client.server, what, error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS[attempt]));
    }
  }
}
