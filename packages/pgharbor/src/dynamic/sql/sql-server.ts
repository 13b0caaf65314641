import { ExplainedError, type Explanation } from "@pgharbor/core";
import type { ReadResult } from "@pulumi/pulumi/dynamic";
import { UnreachableError, type SqlTarget } from "@pgharbor/sql";
import { withContainerForward, type ContainerPort } from "../../clients/docker/container-forward";
import type { Forward } from "../../clients/shared/forward";
import type { NamespaceLocation } from "../../clients/kubernetes/connection/client";
import { unlessGone } from "../../clients/kubernetes/connection/namespace";
import { withPortForward } from "../../clients/kubernetes/exec/port-forward";

/** How a resource of SQL reaches its server. In the state, the password beside it is encrypted. */
export interface SqlServer {
  target: string;
  host: string;
  port: number;
  username: string;
  database: string;
  caCertificate: string;
  /** The name in the server's certificate where it is not the host. */
  serverName?: string;
  /** Where no address leads to it: a port-forward to a ready pod of the selector. Then host and port say what it is for, here and below. */
  tunnel?: SqlTunnel;
  /** On Docker: from within a gateway, whatever port is published, and whatever address may connect. */
  container?: ContainerPort;
}
export interface SqlTunnel {
  kubernetes: NamespaceLocation;
  selector: string;
  port: number;
}

/** What inputs of SQL have in common. */
export interface SqlAccess {
  server: SqlServer;
  adminPassword: string;
  /** URN of the component, by which the server's record of ownership knows what is its own. */
  declaration: string;
  /** Contents or path of a kubeconfig, for the tunnel; secret. */
  kubeconfig?: string;
  /** What is there already is of an earlier life of the server, whose volumes were kept: taken over, and no change by itself. */
  takesOver?: boolean;
}

const sqlTarget = (server: SqlServer, password: string): SqlTarget => ({
  host: server.host,
  port: server.port,
  user: server.username,
  password,
  database: server.database,
  tls: { ca: server.caCertificate, serverName: server.serverName },
  onProgress: (line) => console.log(`${server.target}: ${line}`),
});

/** Runs SQL on the server, by the way that leads to it. */
export async function withServer<T>(access: SqlAccess, work: (target: SqlTarget) => Promise<T>): Promise<T> {
  const { server, adminPassword, kubeconfig } = access;
  const target = sqlTarget(server, adminPassword);
  const through = (way: string) => (forward: Forward) => throughForward({ server, target, way, forward }, work);
  if (server.container !== undefined) {
    const { containers } = server.container;
    return withContainerForward(server.container, through(`container ${containers.join(" or ")}`));
  }
  if (server.tunnel === undefined) return work(target);
  const { kubernetes, selector, port } = server.tunnel;
  const way = `port-forward to port ${port} of ${selector} in namespace ${kubernetes.namespace}`;
  return withPortForward({ kubernetes, kubeconfig }, { selector, port }, through(way));
}

/** The same for what a server that is gone has no more of: then there is nothing to take away. */
export function withServerThere<T>(access: SqlAccess, work: (target: SqlTarget) => Promise<T>): Promise<T | undefined> {
  const { tunnel } = access.server;
  const location = tunnel && { kubernetes: tunnel.kubernetes, kubeconfig: access.kubeconfig };
  return unlessGone(location, () => withServer(access, work));
}

/** Long enough for a gateway that is taking a new configuration, and for an election that is under way no refresh waits. */
const READ_TIMEOUT_MS = 10_000;

/**
 * What a refresh finds: nothing where `work` finds nothing, or the server is no more. Where nobody answered, what the state says
 * is left as it is, with a warning: the next `up` repairs the way.
 */
export async function readOnServer<Outputs extends SqlAccess>(
  id: string,
  props: Outputs,
  work: (target: SqlTarget) => Promise<Outputs | undefined>,
): Promise<ReadResult<Outputs>> {
  try {
    const found = await withServerThere(props, (target) => work({ ...target, readyTimeoutMs: READ_TIMEOUT_MS }));
    return found === undefined ? { id: "" } : { id, props: found };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    warnOnce(`${props.server.target}: users, databases and grants were not read: ${error.message}`);
    return { id, props };
  }
}

const warned = new Set<string>();

/** Every resource of a server would say the same. */
function warnOnce(text: string): void {
  if (warned.has(text)) return;
  warned.add(text);
  console.warn(text);
}

interface Through {
  server: SqlServer;
  target: SqlTarget;
  way: string;
  forward: Forward;
}

/** An address of this machine, chosen anew each time, tells nobody anything: messages name the server, and how it was to be reached. */
async function throughForward<T>(
  { server, target, way, forward }: Through,
  work: (target: SqlTarget) => Promise<T>,
): Promise<T> {
  const named = (text: string) => text.replaceAll(`${forward.host}:${forward.port}`, `${server.host}:${server.port}`);
  const explained = (problem: Explanation): Explanation => {
    const path = named(problem.path);
    if (path === problem.path) return problem;
    const why = forward.problem();
    const value = named(problem.value) + (why === undefined ? "" : `: ${why}`);
    return { ...problem, path: `${path} by ${way}`, value };
  };
  try {
    return await work({
      ...target,
      host: forward.host,
      port: forward.port,
      tls: { ca: server.caCertificate, serverName: server.serverName ?? server.host },
      onProgress: (line) => target.onProgress?.(named(line)),
    });
  } catch (error) {
    throw error instanceof ExplainedError ? error.saying(error.problems.map(explained)) : error;
  }
}
