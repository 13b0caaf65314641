import { ExplainedError } from "@pgharbor/core";
import { podContainerOf } from "./pod-container";
import { PassThrough, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { StringDecoder } from "node:string_decoder";

import type { ExecResult } from "../../docker/engine";
import { kubernetesClient, type KubernetesClient, type PodLocation } from "../connection/client";
import { outcomeOf, type ExecOutcome, type ExecStatus } from "./exec-outcome";
import { codeOf, explainApi, isTransient } from "../connection/explain";
import { keepAliveUntilClosed, waitUntilOpen, type Socket } from "./socket";

export interface PodExecOptions {
  stdin?: string | Buffer;
  onStderr?: (line: string) => void;
  /** How long to wait for a pod that does not exist yet or a container that is not running. @default 0 */
  waitSeconds?: number;
  /** The command may run twice: it is started again when the connection breaks while it runs. @default false */
  repeatable?: boolean;
  /** A command that runs longer fails, because the pod's node may be lost. @default 660 */
  timeoutSeconds?: number;
}

/** Standard input is sent in chunks, because servers limit the size of a message. */
const CHUNK_BYTES = 32 * 1024;
const LONGEST_PAUSE_MS = 4000;
const CONNECTION_RETRIES = 5;
const REPEATS = 3;

/** The code of an error after which the program may still run. */
export const CONNECTION_ENDED = "CONNECTION_ENDED";

/** Runs a program in `pod/container`. Retries a command that did not start; one that may have started, only if `repeatable`. */
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
    const outcome = await tryOnce(client, location.kubernetes.namespace, target, command, options);
    if (outcome.kind === "done") return outcome.result;
    const mayRetry =
      outcome.kind === "broken"
        ? options.repeatable === true && ++repeats < REPEATS
        : outcome.because === "connection"
          ? ++connections <= CONNECTION_RETRIES
          : Date.now() < deadline;
    if (!mayRetry) throw failure(location, target, command, outcome);
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
    outcome.kind === "broken" ? CONNECTION_ENDED : undefined,
  );
}

async function tryOnce(
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
    // The server refuses the WebSocket with 404 where the pod does not exist, and with 400 where the container does not.
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
    if (isTransient(error) || code === undefined)
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
  const setStatus = (received: ExecStatus) => void (status = received);
  const exec = new client.library.Exec(client.config);
  const started = exec.exec(namespace, pod, container, command, stdout, stderr, stdin, false, setStatus);
  const socket = await waitUntilOpen(started as Promise<Socket>);
  if (stdin !== null) send(socket, stdin, Buffer.from(options.stdin ?? ""));
  const ended = await keepAliveUntilClosed(socket, (options.timeoutSeconds ?? 660) * 1000);
  const output = { stdout: stdout.all(), stderr: stderr.all() };
  return status === undefined ? { kind: "broken", reason: ended } : outcomeOf(status, output);
}

function send(socket: Socket, stdin: PassThrough, data: Buffer): void {
  // Before version 5 of the protocol, the input only ends with the connection, which ends the output too.
  if (socket.protocol !== "v5.channel.k8s.io") {
    socket.terminate();
    const fix = "use Kubernetes 1.30 or later";
    const problem = "cannot receive the end of a command's input";
    throw new ExplainedError({ path: "Kubernetes API server", problem, value: socket.protocol, fix });
  }
  for (let at = 0; at < data.length; at += CHUNK_BYTES) stdin.write(data.subarray(at, at + CHUNK_BYTES));
  stdin.end();
}

/** Collects a stream and passes each whole line to `onLine` at once. */
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
    this.emitLine(this.line);
    this.line = "";
    return this.text;
  }
  private add(text: string): void {
    this.text += text;
    const lines = (this.line + text).split("\n");
    this.line = lines.pop() ?? "";
    lines.forEach((line) => this.emitLine(line));
  }
  private emitLine(line: string): void {
    if (line.trim() !== "") this.onLine?.(line.trim());
  }
}
