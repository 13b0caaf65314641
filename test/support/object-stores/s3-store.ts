import { cacheFolder, ensureGoModule, withFolderLock } from "@pgharbor/build-cache";
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ensureDocker } from "@pgharbor/toolchain";
import { eventually } from "../eventually";
import { testCertificates } from "../test-certificates";

/** The real versitygw: Amazon's protocol in front of a folder. */
const MODULE = {
  name: "versitygw",
  sources: path.join(__dirname, "versitygw"),
  packages: { versitygw: "github.com/versity/versitygw/cmd/versitygw" },
  linkerFlags: "-s -w",
  duration: "2 to 5 minutes",
};

async function ensureVersitygw(): Promise<string> {
  const cache = path.join(cacheFolder(), "tests");
  const folder = await withFolderLock(cache, progress, () =>
    ensureGoModule(MODULE, { programs: cache, work: cache, progress }),
  );
  return path.join(folder, "versitygw");
}

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

export const BUCKET = "backups";
export const REGION = "us-east-1";

/** An S3 store on this machine, which containers reach at the address of Docker's bridge. */
export class S3Store {
  readonly accessKeyId = `key${randomBytes(6).toString("hex")}`;
  readonly secretAccessKey = randomBytes(18).toString("hex");
  private child?: ChildProcess;
  private output = "";

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    readonly endpoint: string,
    readonly ca: string,
    private readonly removeNetwork: () => Promise<unknown>,
  ) {}

  /** Containers in any network reach it at the address of this machine in a network of its own. */
  static async start(): Promise<S3Store> {
    const { client } = await ensureDocker(progress);
    const network = await client.createNetwork({ Name: `s3-${randomBytes(4).toString("hex")}` });
    const { IPAM } = (await network.inspect()) as { IPAM: { Config: { Gateway: string }[] } };
    return S3Store.at(IPAM.Config[0].Gateway, () => network.remove());
  }

  /** `address`: of this machine, where clients reach it. */
  static async at(address: string, removeNetwork: () => Promise<unknown> = async () => {}): Promise<S3Store> {
    const program = await ensureVersitygw();
    const folder = await mkdtemp(path.join(tmpdir(), "pgharbor-s3-"));
    const { ca, cert, key } = await testCertificates("s3.test", [address]);
    await mkdir(path.join(folder, "root", BUCKET), { recursive: true });
    await writeFile(path.join(folder, "tls.crt"), cert);
    await writeFile(path.join(folder, "tls.key"), key, { mode: 0o600 });
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const store = new S3Store(program, folder, `${address}:${port}`, ca, removeNetwork);
    await store.listen();
    return store;
  }

  /** Also after `stop`, with what was stored. */
  async listen(): Promise<void> {
    const [host = "", port] = this.endpoint.split(":");
    const tls = ["--cert", path.join(this.folder, "tls.crt"), "--key", path.join(this.folder, "tls.key")];
    this.child = spawn(
      this.program,
      ["--port", this.endpoint, ...tls, "--quiet", "posix", path.join(this.folder, "root")],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ROOT_ACCESS_KEY_ID: this.accessKeyId, ROOT_SECRET_ACCESS_KEY: this.secretAccessKey },
      },
    );
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-5000)));
    await eventually(async () => {
      if (this.child?.exitCode !== null) throw new Error(`versitygw has ended: ${this.output}`);
      await canConnect(host, Number(port));
    }, 20);
  }

  async stop(): Promise<void> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill();
    await ended;
  }

  /** The folder of the bucket. */
  get bucket(): string {
    return path.join(this.folder, "root", BUCKET);
  }

  /** The bucket is gone while `work` runs. */
  async withoutBucket<T>(work: () => Promise<T>): Promise<T> {
    const aside = path.join(this.folder, "aside");
    await rename(this.bucket, aside);
    return work().finally(() => rename(aside, this.bucket));
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true });
    await this.removeNetwork();
  }
}

const canConnect = (host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.end(resolve)).once("error", reject);
  });
