import * as pulumi from "@pulumi/pulumi";
import * as runtime from "@pulumi/pulumi/runtime";

/** The resources that a program registered, in plain values. */
export interface Registered {
  type: string;
  name: string;
  urn: string;
  /** Name of the parent; absent for a resource of the program itself. */
  parent?: string;
  /** A secret is `{ secret: <value> }`; a value that a preview does not know yet is `UNKNOWN`. */
  inputs: Record<string, unknown>;
  protect?: boolean;
  deleteBeforeReplace?: boolean;
  /** The deletion timeout from `customTimeouts`. */
  deleteTimeout?: string;
  /** Names of the resources in `dependsOn`, or from which the inputs come. */
  dependsOn: string[];
  deletedWith?: string;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  secretOutputs: string[];
  /** Name of the explicit provider. */
  provider?: string;
}

export const UNKNOWN = runtime.unknownValue;

/**
 * The SDK records the stack of each promise and resource, for leaks and line numbers. With jest's source maps this
 * takes a third of a test's time.
 */
function withoutStacks(): void {
  type Debuggable = (promise: Promise<unknown>) => Promise<unknown>;
  const promises = jest.requireActual<{ debuggablePromise: Debuggable }>("@pulumi/pulumi/runtime/debuggable");
  promises.debuggablePromise = (promise) => promise;
  const resources = pulumi.Resource as unknown as { stackTrace(): object[] };
  resources.stackTrace = () => [];
}
withoutStacks();

/** The engine's side of the SDK's own mocks, which pass on inputs but not resource options. */
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getObject(): unknown;
  getProtect(): boolean;
  getDeletebeforereplace(): boolean;
  getCustomtimeouts(): { getDelete(): string } | undefined;
  getDependenciesList(): string[];
  getDeletedwith(): string;
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getProvider(): string;
}
type Reply = (error: unknown, response: { getUrn(): string } | undefined) => void;
interface Monitor {
  registerResource(request: Request, reply: Reply): Promise<void>;
}

/** The outputs that the official providers compute; secret where theirs are. */
function computed(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case "random:index/randomPassword:RandomPassword":
      return { result: pulumi.secret(`password of ${name}`) };
    case "tls:index/privateKey:PrivateKey":
      return { privateKeyPem: pulumi.secret(`key of ${name}\n`) };
    case "tls:index/certRequest:CertRequest":
      return { certRequestPem: `request of ${name}\n` };
    case "tls:index/selfSignedCert:SelfSignedCert":
    case "tls:index/locallySignedCert:LocallySignedCert":
      return { certPem: `certificate of ${name}\n` };
    case "random:index/randomUuid:RandomUuid":
      return { result: `uid of ${name}` };
    case "docker:index/remoteImage:RemoteImage":
      return { imageId: `sha256:${name}` };
    case "pulumi-nodejs:dynamic/pgharbor:ClusterMarker":
      return { uid: `uid of ${name}` };
    default:
      return {};
  }
}

/**
 * Docker chooses a free port when the container starts. The provider reads ports back in the order of the internal
 * ports.
 */
function publishedPorts(inputs: { ports?: { internal: number; external?: number }[] }, preview: boolean) {
  const chosen = (internal: number) => (preview ? UNKNOWN : 40_000 + internal);
  const ports = inputs.ports?.map((p) => ({ ...p, external: p.external ?? chosen(p.internal) }));
  return ports && { ports: ports.sort((a, b) => a.internal - b.internal) };
}

/**
 * Records everything that a program registers; the SDK's mocks replace the engine. `preview`: no output is computed.
 */
export class MockEngine {
  readonly registered: Registered[] = [];

  private constructor() {}

  static async start(options: { preview?: boolean } = {}): Promise<MockEngine> {
    const engine = new MockEngine();
    const preview = options.preview ?? false;
    const newResource = ({ type, name, custom, inputs }: runtime.MockResourceArgs): runtime.MockResourceResult => ({
      id: custom && !preview ? `id of ${name}` : "",
      state: { ...inputs, ...publishedPorts(inputs, preview), ...(preview ? {} : computed(type, name)) },
    });
    await runtime.setMocks({ newResource, call: (args) => args.inputs }, "project", "stack", preview);
    const monitor = runtime.getMonitor() as unknown as Monitor;
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, reply) =>
      register(request, (error, response) => {
        if (response !== undefined) engine.record(request, response.getUrn());
        reply(error, response);
      });
    return engine;
  }

  private record(request: Request, urn: string): void {
    const object = (request.getObject() as { toJavaScript(): Record<string, unknown> }).toJavaScript();
    const { __provider: _serialised, ...inputs } = plain(object) as Record<string, unknown>;
    this.registered.push({
      type: request.getType(),
      name: request.getName(),
      urn,
      parent: nameOf(request.getParent()),
      inputs,
      protect: request.getProtect() || undefined,
      deleteBeforeReplace: request.getDeletebeforereplace() || undefined,
      deleteTimeout: request.getCustomtimeouts()?.getDelete() || undefined,
      dependsOn: request.getDependenciesList().map((dependency) => nameOf(dependency)!),
      deletedWith: nameOf(request.getDeletedwith()),
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      secretOutputs: request.getAdditionalsecretoutputsList(),
      provider: nameOf(request.getProvider().replace(/::[^:]*$/, "")),
    });
  }

  /** Waits until everything that was constructed has reached the engine. */
  async settle(): Promise<this> {
    const { waitForRPCs } = runtime as unknown as { waitForRPCs(): Promise<void> };
    await waitForRPCs();
    return this;
  }

  of(type: string): Registered[] {
    return this.registered.filter((r) => r.type === type);
  }

  one(type: string, name: string): Registered {
    const found = this.registered.filter((r) => r.type === type && r.name === name);
    if (found.length !== 1) throw new Error(`${found.length} resources ${type} ${name}; there are\n${this.list()}`);
    return found[0];
  }

  /** `<type> <name>`, sorted: for messages, and to compare. */
  list = (): string =>
    this.registered
      .map((r) => `${r.type} ${r.name}`)
      .sort()
      .join("\n");
}

const nameOf = (urn: string): string | undefined => urn.split("::").pop() || undefined;

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Secrets as `{ secret }` instead of Pulumi's wire form. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if (object[SIGNATURE] === SECRET) return { secret: plain(object.value) };
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, plain(item)]));
}

/** The value of an output, and whether it is a secret. */
export async function shown<T>(output: pulumi.Output<T>): Promise<{ value: T | undefined; secret: boolean }> {
  const inside = output as unknown as { promise(withUnknowns?: boolean): Promise<T>; isKnown: Promise<boolean> };
  const value = await inside.promise();
  return { value: (await inside.isKnown) ? value : undefined, secret: await pulumi.isSecret(output) };
}

/** The inputs that hold a secret value in plain text, as `name.path.of.the.input`. */
export function clearSecrets(registered: Registered[], secret: RegExp): string[] {
  const walk = (value: unknown, path: string): string[] => {
    if (typeof value === "string") return secret.test(value) ? [path] : [];
    if (typeof value !== "object" || value === null || "secret" in value) return [];
    return Object.entries(value).flatMap(([key, item]) => walk(item, `${path}.${key}`));
  };
  return registered.flatMap((r) => walk(r.inputs, r.name));
}
