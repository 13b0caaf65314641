import { labelKeys } from "@pgharbor/core";
import { pack } from "tar-stream";
import { applySecret, readSecret } from "../../clients/kubernetes/objects/secrets";
import { fileKey } from "../../clients/kubernetes/objects/file-key";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { comparableLocation, podLocation } from "../../clients/location";
import { revisionOf } from "./container-files";
import { isOther, type Handler } from "../provider/handler";
import { deleteOwnSecret, assertOwnSecret } from "../secrets/own-secret";
import { assertAcceptedByOnePod, deliverToPods, type Delivery } from "./pod-files-delivery";

/** The configuration files of one container in pods, in a Secret that they mount. */
export interface PodFilesInputs extends PodLocation {
  secretName: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** The label selector of the pods that mount the Secret. */
  selector: string;
  /** The container in these pods. */
  container: string;
  program: string;
  /** Files that anyone may read and a preview shows. */
  plain: Record<string, string>;
  /** Files that contain secrets. */
  secret: Record<string, string>;
  /** Files that are read once, when the data directory is initialized. No change by themselves: `MemberReady` delivers corrections. */
  initial: Record<string, string>;
}
export interface PodFilesOutputs extends PodFilesInputs {
  /** Identifies the set of files that the pods run with. */
  revision: string;
}

/** The key, and the mounted file, with the revision of the set of files. */
export const REVISION_KEY = "revision";
const TAMPERED = "changed outside of Pulumi";

export const podFiles: Handler<PodFilesInputs, PodFilesOutputs> = {
  async diff(_id, olds, news) {
    const replaces = [
      ...(olds.secretName === news.secretName ? [] : ["secretName"]),
      ...(isOther(olds.kubernetes?.namespace, news.kubernetes?.namespace) ? ["kubernetes"] : []),
    ];
    const changes = replaces.length > 0 || olds.revision !== revisionOf(news) || aspect(olds) !== aspect(news);
    return { changes, replaces };
  },
  async create(inputs) {
    await assertOwnSecret(podLocation(inputs), inputs.secretName, clusterOf(inputs));
    return { id: idOf(inputs), outs: { ...inputs, revision: await deliver(inputs) } };
  },
  async update(_id, olds, news) {
    await assertOwnSecret(podLocation(news), news.secretName, clusterOf(news));
    return { outs: { ...news, revision: await deliver(news, olds) } };
  },
  async read(id, props) {
    const found = await readSecret(podLocation(props), props.secretName);
    if (found === undefined) return { id: "" };
    const revision = found[REVISION_KEY] ?? "";
    // `MemberReady` may have corrected the initial files.
    const expected = Object.entries(secretData({ ...props, initial: {} }, props.revision));
    const isAsWritten = expected.every(([key, text]) => found[key] === text);
    return { id, props: { ...props, revision: isAsWritten ? revision : TAMPERED } };
  },
  async delete(_id, props) {
    await deleteOwnSecret(podLocation(props), props.secretName, clusterOf(props));
  },
};

const idOf = ({ kubernetes, secretName }: PodFilesInputs): string => `${kubernetes?.namespace}/${secretName}`;
const clusterOf = ({ labels }: PodFilesInputs): string | undefined => labels[labelKeys.cluster];

const sorted = (record: Record<string, string>): [string, string][] =>
  Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
const aspect = (inputs: PodFilesInputs): string =>
  JSON.stringify([comparableLocation(inputs), sorted(inputs.labels), sorted(inputs.annotations)]);

const filesOf = ({ plain, secret, initial }: PodFilesInputs): Record<string, string> => ({
  ...initial,
  ...secret,
  ...plain,
});

/** The data of the Secret. */
export function secretData(inputs: PodFilesInputs, revision: string): Record<string, string> {
  const data: Record<string, string> = { [REVISION_KEY]: revision };
  for (const [path, text] of Object.entries(filesOf(inputs))) {
    const key = fileKey(path);
    if (key in data) throw new Error(`${inputs.secretName}: two files have the key ${JSON.stringify(key)} in a Secret`);
    data[key] = text;
  }
  return data;
}

/**
 * Files are checked before they are written, because a pod that starts later uses the Secret, so it must not contain files that the
 * program refuses. For the same reason, the old files are restored when a pod refuses the new ones.
 */
async function deliver(inputs: PodFilesInputs, olds?: PodFilesOutputs): Promise<string> {
  const revision = revisionOf(inputs);
  const delivery: Delivery = { ...inputs, location: podLocation(inputs), revision };
  const isNew = olds?.revision !== revision;
  if (isNew) await assertAcceptedByOnePod(delivery, await archiveOf(filesOf(inputs)));
  await write(inputs, revision);
  try {
    if (isNew) await deliverToPods(delivery);
  } catch (error) {
    if (olds !== undefined && olds.revision !== TAMPERED) await restore(olds);
    throw error;
  }
  return revision;
}

async function restore(olds: PodFilesOutputs): Promise<void> {
  try {
    console.log(`${olds.secretName}: restoring the previous files`);
    await write(olds, olds.revision);
    await deliverToPods({ ...olds, location: podLocation(olds) });
  } catch (error) {
    console.log(`${olds.secretName}: the previous files could not be restored: ${(error as Error).message}`);
  }
}

const write = (inputs: PodFilesInputs, revision: string): Promise<void> =>
  applySecret(podLocation(inputs), {
    name: inputs.secretName,
    labels: inputs.labels,
    annotations: inputs.annotations,
    data: secretData(inputs, revision),
  });

async function archiveOf(files: Record<string, string>): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of sorted(files)) archive.entry({ name, mode: 0o600, mtime: new Date(0) }, text);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
