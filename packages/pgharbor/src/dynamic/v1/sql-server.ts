import { ExplainedError, type Problem, type SqlTarget } from "@pgharbor/sql";
import type { KubernetesPlace } from "../../reach/kubernetes/client";
import { unlessGone } from "../../reach/kubernetes/namespace";
import type { Forward } from "../../reach/kubernetes/port-forward";
import { withForward } from "../../reach/kubernetes/shared-forward";

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
  /** Where no address leads to it: a port-forward to a ready pod of the selector. Then host and port say what it is for. */
  tunnel?: SqlTunnel;
}
export interface SqlTunnel {
  kubernetes: KubernetesPlace;
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

/** Runs SQL on the server, through its tunnel where it has one. */
export async function withServer<T>(access: SqlAccess, work: (target: SqlTarget) => Promise<T>): Promise<T> {
  const { server, adminPassword, kubeconfig } = access;
  const target = sqlTarget(server, adminPassword);
  if (server.tunnel === undefined) return work(target);
  const { kubernetes, selector, port } = server.tunnel;
  return withForward({ kubernetes, kubeconfig }, { selector, port }, async (forward) => {
    // An address of this machine, chosen anew each time, tells nobody anything.
    const named = (text: string) => text.replaceAll(`${forward.host}:${forward.port}`, `${server.host}:${server.port}`);
    try {
      return await work({
        ...target,
        host: forward.host,
        port: forward.port,
        tls: { ca: server.caCertificate, serverName: server.serverName ?? server.host },
        onProgress: (line) => target.onProgress?.(named(line)),
      });
    } catch (error) {
      throw throughTunnel(error, server.tunnel!, forward, named);
    }
  });
}

/** The same for what a server that is gone has no more of: then there is nothing to read, and nothing to take away. */
export function withServerThere<T>(access: SqlAccess, work: (target: SqlTarget) => Promise<T>): Promise<T | undefined> {
  const { tunnel } = access.server;
  const place = tunnel && { kubernetes: tunnel.kubernetes, kubeconfig: access.kubeconfig };
  return unlessGone(place, () => withServer(access, work));
}

/** Of a server that was not reached, why the tunnel was in the way. */
function throughTunnel(error: unknown, tunnel: SqlTunnel, forward: Forward, named: (text: string) => string): unknown {
  if (!(error instanceof ExplainedError)) return error;
  const through = `port-forward to port ${tunnel.port} of ${tunnel.selector} in namespace ${tunnel.kubernetes.namespace}`;
  const explained = error.problems.map((problem): Problem => {
    const path = named(problem.path);
    if (path === problem.path) return problem;
    const why = forward.problem();
    return {
      ...problem,
      path: `${path} by ${through}`,
      value: named(problem.value) + (why === undefined ? "" : `: ${why}`),
    };
  });
  return new ExplainedError(explained, error.code);
}
