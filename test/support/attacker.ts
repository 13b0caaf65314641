import type Docker from "dockerode";
import { execIn, type ExecResult } from "../../packages/pgharbor/src/clients/docker/engine";

/** A container that shares networks with a cluster but is not part of it. */
export class Attacker {
  private constructor(
    private readonly docker: Docker,
    private readonly container: Docker.Container,
  ) {}

  /** `image` needs bash and curl. */
  static async on(docker: Docker, networks: readonly string[], image: string): Promise<Attacker> {
    const container = await docker.createContainer({ Image: image, Entrypoint: ["sleep", "3600"], User: "0" });
    await docker.getNetwork("bridge").disconnect({ Container: container.id, Force: true });
    for (const network of networks) await docker.getNetwork(network).connect({ Container: container.id });
    await container.start();
    return new Attacker(docker, container);
  }

  run(script: string): Promise<ExecResult> {
    return execIn(this.docker, this.container.id, ["bash", "-c", script]);
  }

  async feed(path: string, content: string): Promise<void> {
    await execIn(this.docker, this.container.id, ["sh", "-c", 'cat >"$0"', path], { stdin: content });
  }

  /** Returns those `host:port` addresses that accept a connection. */
  async open(addresses: readonly string[]): Promise<string[]> {
    const tries = addresses.map((address) => {
      const [host, port] = address.split(":");
      return `(timeout 5 bash -c ': <>/dev/tcp/${host}/${port}' 2>/dev/null && echo ${address}) &`;
    });
    return (await this.run(`${tries.join("\n")}\nwait`)).stdout.split("\n").filter(Boolean).sort();
  }

  /** Returns those names that resolve. */
  async resolved(names: readonly string[]): Promise<string[]> {
    const { stdout } = await this.run(
      names.map((name) => `getent hosts ${name} >/dev/null && echo ${name}`).join("\n"),
    );
    return stdout.split("\n").filter(Boolean);
  }

  /**
   * Returns the status of an HTTPS request, or 0 if the TLS handshake fails. The server's certificate is not verified.
   */
  async status(method: string, url: string, { body, identity }: RequestOptions = {}): Promise<number> {
    const { code, stdout } = await this.run(
      `curl -sk -o /dev/null -w '%{http_code}' --max-time 10 -X ${method} ` +
        (identity === undefined ? "" : `--cert ${identity}.crt --key ${identity}.key `) +
        (body === undefined ? "" : `-H 'Content-Type: application/json' -d '${JSON.stringify(body)}' `) +
        url,
    );
    // Refused in the handshake, or just after it, as TLS 1.3 does. Other failures say nothing about the server's access
    // rules.
    if (![0, 35, 55, 56].includes(code)) throw new Error(`${method} ${url}: curl ended with ${code}`);
    return Number(stdout);
  }

  remove(): Promise<void> {
    return this.container.remove({ force: true }) as Promise<void>;
  }
}

interface RequestOptions {
  body?: object;
  /** Path of a certificate and its key, without the file extensions. */
  identity?: string;
}
