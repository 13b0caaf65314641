import { InitFailed } from "../protocol/serve-provider";
import { containsUnknown, plainProperties, type Properties } from "../protocol/values";
import { hex } from "./autoname";
import { awaitReady, readyNow } from "./await/await-ready";
import { checkpointState, parseCheckpoint, sealedLike } from "./checkpoint";
import { NoKubeconfig } from "./cluster-connection";
import { createObject } from "./create-object";
import { deleteObject } from "./delete-object";
import { hasReason, isMissing, isNamespaceMissing, Unreachable } from "./kube-api";
import { UnknownKind } from "./kinds";
import { annotationOf, idOf, kindOfToken, nameOf, namespaceOf, parseId, textAt, type KubeObject } from "./kube-object";
import { normalized } from "./normalize";
import { NotReady, type Operation } from "./operation";
import { refreshedInputs } from "./prune";
import { CannotPreview, updateObject } from "./update-object";

const FIELD_MANAGER = "pulumi.com/patchFieldManager";

export async function createResource(
  operation: Operation,
  raw: Properties,
): Promise<{ id: string; state: Properties }> {
  const inputs = plainProperties(raw);
  if (operation.preview && containsUnknown(inputs)) return { id: "", state: raw };
  const fieldManager = annotationOf(inputs, FIELD_MANAGER) || `pulumi-kubernetes-${hex(new Uint8Array(), 8)}`;
  const initialApiVersion = textAt(inputs, "apiVersion");
  const stateOf = (live: KubeObject) =>
    checkpointState({ declared: inputs, live, fieldManager, initialApiVersion }, raw);
  let made: KubeObject;
  try {
    made = await createObject(operation, inputs, fieldManager);
  } catch (error) {
    if (operation.preview && cannotPreview(error)) return { id: "", state: raw };
    throw creationFailed(operation.urn, inputs, error);
  }
  if (operation.preview) {
    // What is shown as known must be so afterwards, too.
    const { status: _, ...planned } = made;
    return { id: "", state: stateOf(planned) };
  }
  try {
    return { id: idOf(made), state: stateOf(await awaitReady(operation, inputs, made)) };
  } catch (error) {
    const start = `resource "${operation.urn}" was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live`;
    throw initFailed(error, start, made, stateOf);
  }
}

/** A dry run of something whose surroundings are made in the same program, or that the server does not let us try. */
function cannotPreview(error: unknown): boolean {
  return (
    isNamespaceMissing(error) ||
    hasReason(error, "Forbidden", "AlreadyExists") ||
    error instanceof CannotPreview ||
    error instanceof UnknownKind ||
    error instanceof Unreachable ||
    error instanceof NoKubeconfig
  );
}

function creationFailed(urn: string, inputs: KubeObject, error: unknown): Error {
  const reason = (error as Error).message;
  if (error instanceof UnknownKind) {
    return new Error(
      `creation of resource "${urn}" with kind ${textAt(inputs, "apiVersion")}/${textAt(inputs, "kind")} failed because the Kubernetes API server ` +
        `reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: ${reason}`,
    );
  }
  if (error instanceof Unreachable || error instanceof NoKubeconfig) {
    return new Error(`configured Kubernetes cluster is unreachable: ${reason}`);
  }
  return new Error(`resource "${urn}" was not successfully created by the Kubernetes API server: ${reason}`);
}

export interface UpdateRequest {
  readonly news: Properties;
  readonly state: Properties;
  readonly ignored: readonly string[];
}

export async function updateResource(operation: Operation, request: UpdateRequest): Promise<Properties> {
  const inputs = normalized(plainProperties(request.news));
  if (operation.preview && containsUnknown(inputs)) return request.news;
  const old = parseCheckpoint(request.state);
  const fieldManager =
    annotationOf(inputs, FIELD_MANAGER) || old.fieldManager || `pulumi-kubernetes-${hex(new Uint8Array(), 8)}`;
  const initialApiVersion = old.initialApiVersion || textAt(inputs, "apiVersion");
  const stateOf = (live: KubeObject) =>
    checkpointState({ declared: inputs, live, fieldManager, initialApiVersion }, request.news);
  let live = old.live;
  try {
    const { before, after } = await updateObject(operation, {
      inputs,
      before: old.live,
      fieldManager,
      ignored: request.ignored,
    });
    live = after;
    return stateOf(operation.preview ? after : await awaitReady(operation, inputs, after, before));
  } catch (error) {
    if (operation.preview && cannotPreview(error)) return request.news;
    if (error instanceof Unreachable || error instanceof NoKubeconfig) {
      throw new Error(`configured Kubernetes cluster is unreachable: ${error.message}`);
    }
    if (!(error instanceof NotReady)) {
      // Refused: the state keeps what is there, not what was asked for.
      throw new Error(`update of resource "${operation.urn}" failed: ${(error as Error).message}`);
    }
    const start = `the Kubernetes API server reported that "${idOf(live)}" failed to fully initialize or become live`;
    throw initFailed(error, start, live, stateOf);
  }
}

function initFailed(
  error: unknown,
  start: string,
  made: KubeObject,
  stateOf: (live: KubeObject) => Properties,
): InitFailed {
  const { message } = error as Error;
  const known = error instanceof NotReady;
  const text = `${start}: ${message}`;
  return new InitFailed(text, idOf(made), stateOf(known ? error.live : made), [text, ...(known ? error.reasons : [])]);
}

export interface ReadRequest {
  readonly id: string;
  readonly token: string;
  readonly inputs: Properties;
  readonly state: Properties;
}

/** The object as it is; `undefined` when it is gone. Without inputs (`get`, `import`) everything of it counts as declared. */
export async function readResource(
  operation: Operation,
  request: ReadRequest,
): Promise<{ state: Properties; inputs: Properties } | undefined> {
  const old = parseCheckpoint(request.state);
  const declared = normalized(plainProperties(request.inputs));
  const fresh = textAt(declared, "kind") === "";
  const { namespace, name } = parseId(request.id);
  const target: KubeObject = fresh
    ? { ...kindOfToken(request.token), metadata: { name, namespace } }
    : { ...declared, metadata: { name, namespace: namespaceOf(declared) || namespace } };
  let live: KubeObject;
  try {
    live = await operation.api.get(target);
  } catch (error) {
    if (isMissing(error) || error instanceof UnknownKind) return undefined;
    if (error instanceof Unreachable || error instanceof NoKubeconfig) return unreachable(operation, request, error);
    throw new Error(`reading ${textAt(target, "kind")} ${request.id}: ${(error as Error).message}`);
  }
  const inputs = fresh ? importedInputs(live) : refreshedInputs(declared, old.live, live);
  const checkpoint = {
    declared: inputs,
    live,
    fieldManager: old.fieldManager || `pulumi-kubernetes-${hex(new Uint8Array(), 8)}`,
    initialApiVersion: old.initialApiVersion || textAt(live, "apiVersion"),
  };
  const found = { state: checkpointState(checkpoint, request.inputs), inputs: sealedLike(inputs, request.inputs) };
  const problem = fresh ? undefined : await readyNow(operation, declared, live);
  if (!problem) return found;
  throw new InitFailed(problem.message, request.id, found.state, [problem.message, ...problem.reasons], found.inputs);
}

function unreachable(operation: Operation, request: ReadRequest, error: Error) {
  operation.log.log(operation.urn, "warning", `configured Kubernetes cluster is unreachable: ${error.message}`);
  if (operation.options.deleteUnreachable) return undefined;
  if (operation.options.skipUpdateUnreachable) return { state: request.state, inputs: request.inputs };
  throw new Error(
    `failed to read resource state due to unreachable cluster (${error.message}). If the cluster was deleted, you can remove this resource ` +
      'from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"',
  );
}

/** An import takes over what somebody may have written, and leaves out what only the server writes. */
function importedInputs(live: KubeObject): KubeObject {
  const { status: _, ...rest } = normalized(live);
  return rest;
}

export async function deleteResource(operation: Operation, state: Properties, id: string): Promise<void> {
  const { live, declared } = parseCheckpoint(state);
  const { name } = parseId(id);
  const target = nameOf(live) === "" ? { ...live, metadata: { ...(live.metadata as Properties), name } } : live;
  try {
    await deleteObject(operation, target, declared);
  } catch (error) {
    if (error instanceof Unreachable || error instanceof NoKubeconfig) {
      if (operation.options.deleteUnreachable) return;
      throw new Error(`configured Kubernetes cluster is unreachable: ${error.message}`);
    }
    if (!(error instanceof NotReady))
      throw new Error(`deleting ${textAt(target, "kind")} ${id}: ${(error as Error).message}`);
    const kept = checkpointState({ ...parseCheckpoint(state), live: error.live }, state);
    throw new InitFailed([error.message, ...error.reasons].join(": "), id, kept, [error.message, ...error.reasons]);
  }
}
