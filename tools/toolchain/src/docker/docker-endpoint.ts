import Docker from "dockerode";
import { homedir } from "node:os";
import { join } from "node:path";

/** A Docker engine that answers. */
export interface DockerEndpoint {
  /** In the form of DOCKER_HOST: `unix:///var/run/docker.sock`, `tcp://…`. */
  readonly host: string;
  readonly version: string;
  readonly client: Docker;
}

/** The reason why no engine answers at an endpoint. */
export interface DockerRefusal {
  readonly host: string;
  readonly code: string;
  readonly message: string;
}

const ANSWER_MILLISECONDS = 5000;

/**
 * Endpoints of the system's engine, Docker Desktop, a rootless engine and Colima. DOCKER_HOST overrides all of them.
 */
export function dockerHosts(env: NodeJS.ProcessEnv, home = homedir()): string[] {
  if (env.DOCKER_HOST) return [env.DOCKER_HOST];
  const sockets = ["/var/run/docker.sock", join(home, ".docker/run/docker.sock")];
  if (env.XDG_RUNTIME_DIR) sockets.push(join(env.XDG_RUNTIME_DIR, "docker.sock"));
  sockets.push(join(home, ".colima/default/docker.sock"));
  return sockets.map((socket) => `unix://${socket}`);
}

/**
 * Creates a client for one host. Certificates and other settings of a tcp host come from Docker's own environment
 * variables.
 */
function dockerClient(host: string, timeout?: number): Docker {
  return host.startsWith("unix://")
    ? new Docker({ socketPath: host.slice("unix://".length), timeout })
    : new Docker({ timeout });
}

/** Finds the first engine that answers, or the reason why none does. */
export async function findDocker(hosts: readonly string[]): Promise<DockerEndpoint | DockerRefusal[]> {
  const refusals: DockerRefusal[] = [];
  for (const host of hosts) {
    try {
      const { Version } = await dockerClient(host, ANSWER_MILLISECONDS).version();
      return { host, version: Version, client: dockerClient(host) };
    } catch (error) {
      refusals.push(refusal(host, error));
    }
  }
  return refusals;
}

function refusal(host: string, error: unknown): DockerRefusal {
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  return { host, code, message };
}
