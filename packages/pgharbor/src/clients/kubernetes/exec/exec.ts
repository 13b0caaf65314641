import { ExplainedError } from "@pgharbor/core";
import { podContainerOf } from "./pod-container";
import { PassThrough, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { StringDecoder } from "node:string_decoder";

import type { ExecResult } from "../../docker/engine";
import { kubernetesClient, type KubernetesClient, type PodLocation } from "../connection/client";
import { outcomeOf, type ExecOutcome, type ExecStatus } from "./exec-outcome";
import { codeOf, explainApi, isPassing } from "../connection/explain";
import { keepAlive, opened, type Socket } from "./socket";

export interface PodExecOptions {
  stdin?: string | Buffer;
  onStderr?: (line: string) => void;
  /** How long to wait for a container that is not running, or a pod that is not there. @default 0 */
  waitSeconds?: number;
  /** The command may run twice: it is started again when the connection broke in the middle of it. @default false */
  repeatable?: boolean;
  /** Longer than this is an error: a node may be gone. @default 660 */
  timeoutSeconds?: number;
}

/** Pieces of standard input: a server takes no message of any size. */
const PIECE = 32 * 1024;
const LONGEST_PAUSE_MS = 4000;
const CONNECTION_RETRIES = 5;
const REPEATS = 3;

/** The code of an error after which nobody knows whether the program still runs. */
export const ENDED = "CONNECTION_ENDED";

/** Runs a program in `pod/container`. What did not start is started again for a short while; what may have, only if `repeatable`. */
export async function execInPod(
  location: PodLocation,
  target: string,
  command: string[],
  options: PodExecOptions = {},
): Promise<ExecResult> {
  const client = await kubernetesClient(location);
  const deadline = Date.now() + (options.waitSeconds ?? 0) * 1000;
  let connections = 0;
  let repeats = 0;
  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptOf(client, location.kubernetes.namespace, target, command, options);
    if (outcome.kind === "done") return outcome.result;
    const again =
      outcome.kind === "broken"
        ? options.repeatable === true && ++repeats < REPEATS
        : outcome.because === "connection"
          ? ++connections <= CONNECTION_RETRIES
          : Date.now() < deadline;
    if (!again) throw failure(location, target, command, outcome);
    await sleep(Math.min(LONGEST_PAUSE_MS, 200 * 2 ** attempt));
  }
}

function failure(
  { kubernetes }: PodLocation,
  target: string,
  command: string[],
  outcome: Exclude<ExecOutcome, { kind: "done" }>,
) {
  if (outcome.kind === "not started" && outcome.explained !== undefined) return outcome.explained;
  const path = `${target} in namespace ${kubernetes.namespace}`;
  const problem = {
    broken: `the connection ended while ${command[0]} ran`,
    connection: `${command[0]} could not be started`,
    container: `${command[0]} could not be started: the container is not running`,
  }[outcome.kind === "broken" ? "broken" : outcome.because];
  const { pod } = podContainerOf(target);
  const fix = `see \`kubectl -n ${kubernetes.namespace} describe pod ${pod}\`, and run it again`;
  return new ExplainedError(
    { path, problem, value: outcome.reason, fix },
    outcome.kind === "broken" ? ENDED : undefined,
  );
}

async function attemptOf(
  client: KubernetesClient,
  namespace: string,
  target: string,
  command: string[],
  options: PodExecOptions,
): Promise<ExecOutcome> {
  try {
    return await execOnce(client, namespace, target, command, options);
  } catch (error) {
    const what = `run ${command[0]} in ${namespace}/${target}`;
    const code = codeOf(error);
    // The server refuses the WebSocket of a pod that is not there with 404, of one without that container with 400.
    if (code === 404)
      return { kind: "not started", because: "container", reason: `no pod ${podContainerOf(target).pod}` };
    if (code === 400) {
      const fix = "check the names of the pod's containers";
      const problem = `could not ${what}`;
      throw new ExplainedError({
        path: "Kubernetes",
        problem,
        value: `no container ${podContainerOf(target).container} there`,
        fix,
      });
    }
    const explained = explainApi(client.server, what, error);
    if (isPassing(error) || code === undefined)
      return { kind: "not started", because: "connection", reason: explained.message, explained };
    throw explained;
  }
}

async function execOnce(
  client: KubernetesClient,
  namespace: string,
  target: string,
  command: string[],
  options: PodExecOptions,
): Promise<ExecOutcome> {
  const { pod, container } = podContainerOf(target);
  const stdout = new Text();
  const stderr = new Text(options.onStderr);
  const stdin = options.stdin === undefined ? null : new PassThrough();
  let status: ExecStatus | undefined;
  const take = (said: ExecStatus) => void (status = said);
  const exec = new client.library.Exec(client.config);
  const started = exec.exec(namespace, pod, container, command, stdout, stderr, stdin, false, take);
  const socket = await opened(started as Promise<Socket>);
  if (stdin !== null) send(socket, stdin, Buffer.from(options.stdin ?? ""));
  const ended = await keepAlive(socket, (options.timeoutSeconds ?? 660) * 1000);
  const output = { stdout: stdout.all(), stderr: stderr.all() };
  return status === undefined ? { kind: "broken", reason: ended } : outcomeOf(status, output);
}

function send(socket: Socket, stdin: PassThrough, data: Buffer): void {
  // Before version 5 of the protocol, an end of input is the end of the connection, and of the answer with it.
  if (socket.protocol !== "v5.channel.k8s.io") {
    socket.terminate();
    const fix = "use Kubernetes 1.30 or later";
    const problem = "cannot be told the end of a command's input";
    throw new ExplainedError({ path: "Kubernetes API server", problem, value: socket.protocol, fix });
  }
  for (let at = 0; at < data.length; at += PIECE) stdin.write(data.subarray(at, at + PIECE));
  stdin.end();
}

/** Collects a stream; whole lines go to `onLine` as they come. */
class Text extends Writable {
  private readonly decoder = new StringDecoder("utf8");
  private text = "";
  private line = "";

  constructor(private readonly onLine?: (line: string) => void) {
    super();
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.add(this.decoder.write(chunk));
    done();
  }
  all(): string {
    this.add(this.decoder.end());
    this.tell(this.line);
    this.line = "";
    return this.text;
  }
  private add(text: string): void {
    this.text += text;
    const lines = (this.line + text).split("\n");
    this.line = lines.pop() ?? "";
    lines.forEach((line) => this.tell(line));
  }
  private tell(line: string): void {
    if (line.trim() !== "") this.onLine?.(line.trim());
  }
}
