import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { cacheFolder, ensureGoModule, withFolderLock, type GoModule } from "@pgharbor/build-cache";
import { ensureDocker } from "@pgharbor/toolchain";
import { eventually } from "../eventually";
import { testCertificates } from "../test-certificates";

export const BUCKET = "backups";

export const progress = (line: string): void => void process.stderr.write(`${line}\n`);

/** Where programs of tests are kept. */
export const testCache = (): string => path.join(cacheFolder(), "tests");

/** Builds a program of tests from its Go module, once. @returns its path */
export async function ensureGoProgram(name: string, sources: string, mainPackage: string): Promise<string> {
  const module: GoModule = {
    ...{ name, sources, packages: { [name]: mainPackage } },
    ...{ linkerFlags: "-s -w", duration: "2 to 5 minutes" },
  };
  const cache = testCache();
  const folder = await withFolderLock(cache, progress, () =>
    ensureGoModule(module, { programs: cache, work: cache, progress }),
  );
  return path.join(folder, name);
}

/** A folder of its own, with a certificate for an address of this machine that containers in any network reach. */
export interface Place {
  folder: string;
  host: string;
  port: number;
  ca: string;
  certificate: string;
  key: string;
  remove(): Promise<void>;
}

/** The address is that of this machine in a Docker network of its own. */
export async function placeForStore(): Promise<Place> {
  const { client } = await ensureDocker(progress);
  const network = await client.createNetwork({ Name: `store-${randomBytes(4).toString("hex")}` });
  const { IPAM } = (await network.inspect()) as { IPAM: { Config: { Gateway: string }[] } };
  const host = IPAM.Config[0].Gateway;
  const folder = await mkdtemp(path.join(tmpdir(), "pgharbor-store-"));
  const { ca, cert, key } = await testCertificates("store.test", [host]);
  const place = { certificate: path.join(folder, "tls.crt"), key: path.join(folder, "tls.key") };
  await writeFile(place.certificate, cert);
  await writeFile(place.key, key, { mode: 0o600 });
  const remove = async () => {
    await rm(folder, { recursive: true });
    await network.remove();
  };
  return { folder, host, port: 20_000 + Math.floor(Math.random() * 10_000), ca, ...place, remove };
}

/** A program that answers at a place. */
export class StoreServer {
  private child?: ChildProcess;
  private output = "";

  constructor(
    private readonly place: Place,
    private readonly command: readonly [string, ...string[]],
    private readonly env: NodeJS.ProcessEnv = {},
  ) {}

  /** Also after `stop`, with what was stored. */
  async listen(): Promise<void> {
    const [program, ...args] = this.command;
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, ...this.env },
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-5000)));
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`${program} has ended: ${this.output}`);
      await canConnect(this.place.host, this.place.port);
    }, 30);
  }

  async stop(): Promise<void> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill();
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.place.remove();
  }
}

const canConnect = (host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.end(resolve)).once("error", reject);
  });
