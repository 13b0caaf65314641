import { createRequire } from "node:module";
import * as path from "node:path";
import { spawn, type ChildProcess } from "node:child_process";
import type { sendUnaryData, ServerUnaryCall, ServerWritableStream } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";

/** Exit code of the SDK's runner for an error that was already shown to the user. */
const ALREADY_REPORTED = 32;

type Options = { typescript?: boolean; nodeargs?: string };

/** Serves `pulumirpc.LanguageRuntime`: runs the program with the SDK that the program itself has installed. */
export class NodeLanguageHost {
  private readonly children = new Set<ChildProcess>();

  constructor(private readonly engine: string) {}

  handlers() {
    return {
      handshake: unary(() => new language.LanguageHandshakeResponse()),
      getRequiredPackages: unary(() => new language.GetRequiredPackagesResponse()),
      getRequiredPlugins: unary(() => new language.GetRequiredPluginsResponse()),
      getPluginInfo: unary(() => new PluginInfo().setVersion("3.0.0")),
      about: unary(() => new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
      getProgramDependencies: unary(() => new language.GetProgramDependenciesResponse()),
      runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
      cancel: unary(() => this.cancel()),
      run: (
        call: ServerUnaryCall<language.RunRequest, language.RunResponse>,
        done: sendUnaryData<language.RunResponse>,
      ) => void this.run(call.request).then((response) => done(null, response), done),
      installDependencies: (call: ServerWritableStream<language.InstallDependenciesRequest, unknown>) => call.end(),
      runPlugin: (call: ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>) =>
        this.runPlugin(call),
    };
  }

  private cancel(): Empty {
    for (const child of this.children) child.kill("SIGTERM");
    return new Empty();
  }

  /**
   * Runs the program once. Returns nothing on success, `bail` for a failure that was already reported, or an error for
   * the engine to print.
   */
  private async run(request: language.RunRequest): Promise<language.RunResponse> {
    const info = request.getInfo();
    const directory = info?.getProgramDirectory() || request.getPwd();
    const options = (info?.getOptions()?.toJavaScript() ?? {}) as Options;
    const response = new language.RunResponse();
    let runner: string;
    try {
      runner = sdkModule(directory, "cmd/run");
    } catch {
      return response.setError(`@pulumi/pulumi is not installed in ${directory}: run \`npm install\` there`);
    }
    const child = spawn(process.execPath, [...nodeArgs(options), runner, ...runnerArgs(request, this.engine)], {
      cwd: directory,
      stdio: ["ignore", "inherit", "inherit"],
      env: programEnvironment(request, options),
    });
    const code = await this.exitOf(child);
    if (code === ALREADY_REPORTED) return response.setBail(true);
    return code === 0 ? response : response.setError(`the program exited with code ${code}`);
  }

  /**
   * Starts a component package (`PulumiPlugin.yaml`, runtime nodejs) and streams its output. Its first line is its
   * port.
   */
  private runPlugin(call: ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>): void {
    const info = call.request.getInfo();
    const directory = info?.getProgramDirectory() || call.request.getProgram();
    let runner: string;
    try {
      runner = sdkModule(directory, "cmd/run-plugin");
    } catch (error) {
      call.destroy(error as Error);
      return;
    }
    const child = spawn(
      process.execPath,
      [runner, path.resolve(directory, info?.getEntryPoint() || "."), ...call.request.getArgsList()],
      {
        cwd: call.request.getPwd(),
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, ...environmentOf(call.request.getEnvList()), PULUMI_NODEJS_TYPESCRIPT: "true" },
      },
    );
    child.stdout.on("data", (chunk: Buffer) => call.write(new language.RunPluginResponse().setStdout(chunk)));
    child.stderr.on("data", (chunk: Buffer) => call.write(new language.RunPluginResponse().setStderr(chunk)));
    call.on("cancelled", () => child.kill("SIGTERM"));
    void this.exitOf(child).then((code) => {
      call.write(new language.RunPluginResponse().setExitcode(code));
      call.end();
    });
  }

  private exitOf(child: ChildProcess): Promise<number> {
    this.children.add(child);
    return new Promise((resolve) => {
      const finish = (code: number) => {
        this.children.delete(child);
        resolve(code);
      };
      child.once("error", () => finish(1));
      // "close", not "exit": all output must be forwarded before the engine learns of the end.
      child.once("close", (code, signal) => finish(code ?? (signal ? 130 : 1)));
    });
  }
}

function unary<Response>(answer: () => Response) {
  return (_call: unknown, done: sendUnaryData<Response>) => done(null, answer());
}

/** Resolves a module of the SDK from the program, which must run with its own SDK and never with ours. */
function sdkModule(directory: string, name: string): string {
  return createRequire(path.join(directory, "package.json")).resolve(`@pulumi/pulumi/${name}`);
}

function nodeArgs(options: Options): string[] {
  return options.nodeargs ? options.nodeargs.split(/\s+/).filter(Boolean) : [];
}

function runnerArgs(request: language.RunRequest, engine: string): string[] {
  const info = request.getInfo();
  const named: [string, string | undefined][] = [
    ["--monitor", request.getMonitorAddress()],
    ["--engine", engine],
    ["--organization", request.getOrganization()],
    ["--project", request.getProject()],
    ["--root-directory", info?.getRootDirectory()],
    ["--stack", request.getStack()],
    ["--pwd", request.getPwd()],
    ["--parallel", String(request.getParallel())],
  ];
  const flags = named.flatMap(([flag, value]) => (value ? [flag, value] : []));
  if (request.getDryrun()) flags.push("--dry-run");
  return [...flags, info?.getEntryPoint() || request.getProgram() || ".", ...request.getArgsList()];
}

function programEnvironment(request: language.RunRequest, options: Options): NodeJS.ProcessEnv {
  return {
    ...process.env,
    // The runner reads the stack's configuration only from this variable, which only this process tree sees.
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject(false, undefined as never))),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
  };
}

function environmentOf(pairs: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}
