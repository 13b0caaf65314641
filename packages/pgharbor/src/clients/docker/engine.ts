import { Writable } from "node:stream";
import Docker from "dockerode";
import { pack } from "tar-stream";

/** The result of a program inside a container. */
export interface ExecResult {
  code: number;
  stdout: string;
  stderr: string;
}
export interface ContainerFile {
  path: string;
  mode: number;
  content: string;
}

/**
 * The engine at `host` (`unix:///…`, `tcp://…`, `ssh://…`), at DOCKER_HOST, or at the default socket. Docker's own
 * programs use the same order.
 */
export function dockerEngine(host?: string): Docker {
  const address = host !== undefined && host !== "" ? host : process.env.DOCKER_HOST;
  if (address === undefined || address === "") return new Docker();
  const url = new URL(address);
  if (url.protocol === "unix:") return new Docker({ socketPath: url.pathname });
  const protocol = url.protocol === "ssh:" ? "ssh" : process.env.DOCKER_TLS_VERIFY ? "https" : "http";
  return new Docker({
    host: url.hostname,
    port: Number(url.port || 2375),
    protocol,
    username: url.username || undefined,
  });
}

/** The HTTP status of an engine's error response. */
export const statusCode = (error: unknown): number | undefined => (error as { statusCode?: number }).statusCode;

/** Runs a program in a running container. Secrets go to `stdin`, never to a command line. */
export async function execIn(
  docker: Docker,
  container: string,
  command: string[],
  options: { stdin?: string; onStderr?: (line: string) => void } = {},
): Promise<ExecResult> {
  const exec = await docker.getContainer(container).exec({
    Cmd: command,
    AttachStdin: options.stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: options.stdin !== undefined });
  const output = { stdout: "", stderr: "" };
  docker.modem.demuxStream(
    stream,
    sink((text) => (output.stdout += text)),
    sink((text) => {
      output.stderr += text;
      for (const line of text.split("\n")) if (line.trim() !== "") options.onStderr?.(line.trim());
    }),
  );
  if (options.stdin !== undefined) stream.end(options.stdin);
  await new Promise<void>((resolve, reject) => {
    stream.on("end", resolve).on("close", resolve).on("error", reject);
  });
  const { ExitCode } = await exec.inspect();
  return { code: ExitCode ?? -1, ...output };
}

/** A stream that passes the text written to it to `take`. */
export const sink = (take: (text: string) => void): NodeJS.WritableStream =>
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      take(chunk.toString("utf8"));
      done();
    },
  });

/** Puts files under an existing folder, in one archive that never touches this machine's disk. */
export async function putFiles(
  docker: Docker,
  container: string,
  target: { folder: string; under: string; uid: number; gid: number },
  files: ContainerFile[],
): Promise<void> {
  const archive = pack();
  const owner = { uid: target.uid, gid: target.gid, mtime: new Date(0) };
  const folders = new Set([target.under, ...files.flatMap((f) => parents(`${target.under}/${f.path}`))]);
  for (const folder of [...folders].sort())
    archive.entry({ name: `${folder}/`, type: "directory", mode: 0o750, ...owner });
  for (const file of files)
    archive.entry({ name: `${target.under}/${file.path}`, mode: file.mode, ...owner }, file.content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  await docker.getContainer(container).putArchive(Buffer.concat(chunks), { path: target.folder });
}

const parents = (path: string): string[] =>
  path
    .split("/")
    .slice(0, -1)
    .map((_, i, parts) => parts.slice(0, i + 1).join("/"));
