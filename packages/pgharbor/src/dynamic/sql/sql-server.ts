import { ExplainedError, type Explanation } from "@pgharbor/core";
import type { ReadResult } from "@pulumi/pulumi/dynamic";
import { UnreachableError, type SqlTarget } from "@pgharbor/sql";
import { withContainerForward, type ContainerPort } from "../../clients/docker/container-forward";
import type { Forward } from "../../clients/shared/forward";
import type { NamespaceLocation } from "../../clients/kubernetes/connection/client";
import { withoutPlaceholders } from "./placeholder-text";
import { unlessGone } from "../../clients/kubernetes/connection/namespace";
import { withPortForward } from "../../clients/kubernetes/exec/port-forward";

/** The connection of an SQL resource to its server. The password is stored separately, where the state encrypts it. */
export interface SqlServer {
  target: string;
  host: string;
  port: number;
  username: string;
  database: string;
  caCertificate: string;
  /** The name in the server's certificate, where it differs from the host. */
  serverName?: string;
  /** A port-forward to a ready pod of the selector, where no address connects. Host and port then only name the server. */
  tunnel?: SqlTunnel;
  /** On Docker: connects from inside a gateway, independent of published ports and address rules. Host and port only name the server. */
  container?: ContainerPort;
}
export interface SqlTunnel {
  kubernetes: NamespaceLocation;
  selector: string;
  port: number;
}

/** The inputs that all SQL resources share. */
export interface SqlAccess {
  server: SqlServer;
  adminPassword: string;
  /** The URN of the component, which identifies it in the server's record of ownership. */
  declaration: string;
  /** The contents or path of a kubeconfig for the tunnel; secret. */
  kubeconfig?: string;
  /** Existing objects are from a former cluster whose volumes were retained, so they are adopted. No change by itself. */
  adoptsExisting?: boolean;
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

/** Runs SQL on the server, through the tunnel or container if there is one. */
export async function withServer<T>(access: SqlAccess, work: (target: SqlTarget) => Promise<T>): Promise<T> {
  const { server, adminPassword, kubeconfig } = access;
  const target = sqlTarget(server, adminPassword);
  const through = (connection: string) => (forward: Forward) =>
    throughForward({ server, target, connection, forward }, work);
  if (server.container !== undefined) {
    const { containers } = server.container;
    return withContainerForward(server.container, through(`container ${containers.join(" or ")}`));
  }
  if (server.tunnel === undefined) return work(target);
  const { kubernetes, selector, port } = server.tunnel;
  const connection = `port-forward to port ${port} of ${selector} in namespace ${kubernetes.namespace}`;
  return withPortForward({ kubernetes, kubeconfig }, { selector, port }, through(connection));
}

/** Skips `work` where the server's namespace is gone, because nothing is left to read or delete. */
export function withServerUnlessGone<T>(
  access: SqlAccess,
  work: (target: SqlTarget) => Promise<T>,
): Promise<T | undefined> {
  const { tunnel } = access.server;
  const location = tunnel && { kubernetes: tunnel.kubernetes, kubeconfig: access.kubeconfig };
  return unlessGone(location, () => withServer(access, work));
}

/** A gateway reloads within this time. A refresh does not wait for an election. */
const READ_TIMEOUT_MS = 10_000;

/**
 * Reads for a refresh. Returns no resource where `work` finds nothing or the server is gone. Where no server answered, the state is
 * kept with a warning: the next `up` repairs the connection.
 */
export async function readOnServer<Outputs extends SqlAccess>(
  id: string,
  props: Outputs,
  work: (target: SqlTarget) => Promise<Outputs | undefined>,
): Promise<ReadResult<Outputs>> {
  try {
    const found = await withServerUnlessGone(props, (target) => work({ ...target, readyTimeoutMs: READ_TIMEOUT_MS }));
    return found === undefined ? { id: "" } : { id, props: withoutPlaceholders(found) };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    warnOnce(`${props.server.target}: users, databases and grants were not read: ${error.message}`);
    return { id, props };
  }
}

const warned = new Set<string>();

/** Prints a warning once, not for every resource of a server. */
function warnOnce(text: string): void {
  if (warned.has(text)) return;
  warned.add(text);
  console.warn(text);
}

interface Through {
  server: SqlServer;
  target: SqlTarget;
  connection: string;
  forward: Forward;
}

/** Replaces the random local address in messages with the server's name and connection. */
async function throughForward<T>(
  { server, target, connection, forward }: Through,
  work: (target: SqlTarget) => Promise<T>,
): Promise<T> {
  const withServerAddress = (text: string) =>
    text.replaceAll(`${forward.host}:${forward.port}`, `${server.host}:${server.port}`);
  const explained = (problem: Explanation): Explanation => {
    const path = withServerAddress(problem.path);
    if (path === problem.path) return problem;
    const why = forward.problem();
    const value = withServerAddress(problem.value) + (why === undefined ? "" : `: ${why}`);
    return { ...problem, path: `${path} by ${connection}`, value };
  };
  try {
    return await work({
      ...target,
      host: forward.host,
      port: forward.port,
      tls: { ca: server.caCertificate, serverName: server.serverName ?? server.host },
      onProgress: (line) => target.onProgress?.(withServerAddress(line)),
    });
  } catch (error) {
    throw error instanceof ExplainedError ? error.saying(error.problems.map(explained)) : error;
  }
}
