import { randomBytes } from "node:crypto";
import { mkdir, rename } from "node:fs/promises";
import * as path from "node:path";
import { BUCKET, ensureGoProgram, placeForStore, StoreServer, type Place } from "./store-server";

export { BUCKET } from "./store-server";
export const REGION = "us-east-1";

/** The real versitygw on this machine: Amazon's protocol in front of a folder. */
export class S3Store {
  private constructor(
    private readonly place: Place,
    private readonly server: StoreServer,
    readonly accessKeyId: string,
    readonly secretAccessKey: string,
  ) {}

  static async start(): Promise<S3Store> {
    const sources = path.join(__dirname, "versitygw");
    const program = await ensureGoProgram("versitygw", sources, "github.com/versity/versitygw/cmd/versitygw");
    const place = await placeForStore();
    const root = path.join(place.folder, "root");
    await mkdir(path.join(root, BUCKET), { recursive: true });
    const [id, secret] = [`key${randomBytes(6).toString("hex")}`, randomBytes(18).toString("hex")];
    const tls = ["--cert", place.certificate, "--key", place.key];
    const address = ["--port", `${place.host}:${place.port}`];
    const server = new StoreServer(place, [program, ...address, ...tls, "--quiet", "posix", root], {
      ROOT_ACCESS_KEY_ID: id,
      ROOT_SECRET_ACCESS_KEY: secret,
    });
    await server.listen();
    return new S3Store(place, server, id, secret);
  }

  get endpoint(): string {
    return `${this.place.host}:${this.place.port}`;
  }
  get ca(): string {
    return this.place.ca;
  }
  /** The folder of the bucket. */
  get bucket(): string {
    return path.join(this.place.folder, "root", BUCKET);
  }

  listen = (): Promise<void> => this.server.listen();
  stop = (): Promise<void> => this.server.stop();
  remove = (): Promise<void> => this.server.remove();

  /** The bucket is gone while `work` runs. */
  async withoutBucket<T>(work: () => Promise<T>): Promise<T> {
    const aside = path.join(this.place.folder, "aside");
    await rename(this.bucket, aside);
    return work().finally(() => rename(aside, this.bucket));
  }
}
