import { readFileSync } from "node:fs";
import * as path from "node:path";
import type Docker from "dockerode";
import type { CheckFailure } from "../protocol/resource-type";
import { isObject, UNKNOWN, type Properties, type Value } from "../protocol/values";
import { objectsOf, textOf } from "./reading";

/** Where the engine is, from the provider's configuration or, like Docker's own client, from the environment. */
export class EngineConnection {
  private config: Properties = {};
  private client: Promise<Docker> | undefined;

  configure(config: Properties): void {
    this.config = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, parsed(value)]));
    this.client = undefined;
  }

  engine(): Promise<Docker> {
    this.client ??= connect(this.config);
    return this.client;
  }

  /** The credentials for the registry that an image's name begins with. */
  credentialsFor(image: string): { username: string; password: string; serveraddress: string } | undefined {
    const registry = image.includes("/") ? (image.split("/")[0] as string) : "";
    const match = objectsOf(this.config.registryAuth).find(({ address }) => hostOf(String(address)) === registry);
    if (!match) return undefined;
    return {
      username: String(match.username ?? ""),
      password: String(match.password ?? ""),
      serveraddress: String(match.address),
    };
  }
}

export function checkEngineConfig(config: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const host = textOf(config.host) ?? process.env.DOCKER_HOST;
  if (host !== undefined && host !== UNKNOWN && !/^(unix|tcp|https?):\/\//.test(host)) {
    const fix = "use unix:///path or tcp://host:port, or install the official docker plugin";
    failures.push({ property: "host", reason: `the offline stand-in cannot reach ${host}: ${fix}` });
  }
  if (config.context !== undefined) {
    const reason = "the offline stand-in knows no Docker contexts: give `host`, or install the official docker plugin";
    failures.push({ property: "context", reason });
  }
  return failures;
}

async function connect(config: Properties): Promise<Docker> {
  const { default: DockerClient } = await import("dockerode");
  const host = textOf(config.host) ?? process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
  if (host.startsWith("unix://")) return new DockerClient({ socketPath: host.slice("unix://".length) });
  const url = new URL(host.replace(/^tcp:/, "http:"));
  const tls = tlsFiles(config);
  return new DockerClient({
    host: url.hostname,
    port: Number(url.port || (tls ? 2376 : 2375)),
    protocol: tls || url.protocol === "https:" ? "https" : "http",
    ...tls,
  });
}

function tlsFiles(config: Properties): { ca?: string; cert?: string; key?: string } | undefined {
  const folder = textOf(config.certPath) ?? (process.env.DOCKER_TLS_VERIFY ? process.env.DOCKER_CERT_PATH : undefined);
  const read = (file: string) => (folder ? readFileSync(path.join(folder, file), "utf8") : undefined);
  const ca = textOf(config.caMaterial) ?? read("ca.pem");
  const cert = textOf(config.certMaterial) ?? read("cert.pem");
  const key = textOf(config.keyMaterial) ?? read("key.pem");
  return ca || cert ? { ca, cert, key } : undefined;
}

/** Lists and objects of a provider's configuration may arrive as JSON in a string. */
function parsed(value: Value): Value {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return value;
  }
}

function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, "").split("/")[0] as string;
}

/** The engine's answer in words. dockerode puts the status and its reason in front; the message is what a person needs. */
export function reasonOf(error: unknown): string {
  const answer = error as { json?: Value; message?: string; code?: string };
  if (answer.code === "ENOENT" || answer.code === "ECONNREFUSED" || answer.code === "EACCES") {
    return `cannot reach the Docker engine (${answer.message ?? answer.code}): is it running, and may you use its socket?`;
  }
  const said = isObject(answer.json) ? textOf(answer.json.message) : undefined;
  return said ?? answer.message ?? String(error);
}

export function isMissing(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 404;
}
