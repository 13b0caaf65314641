import { labelKeys } from "@pgharbor/core";
import { pack } from "tar-stream";
import { applySecret, readSecret } from "../../clients/kubernetes/objects/secrets";
import { fileKey } from "../../clients/kubernetes/objects/file-key";
import { comparableLocation, podLocation, type Location } from "../../clients/location";
import { revisionOf } from "./container-files";
import { isOther, type Handler } from "../provider/handler";
import { deleteOwnSecret, requireOwnSecret } from "../secrets/own-secret";
import { checkInOnePod, deliverToPods, type Delivery } from "./pod-files-delivery";

/** The configuration files of one container of pods: a Secret that they mount. */
export interface PodFilesInputs extends Location {
  secretName: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Label selector of the pods that mount it. */
  selector: string;
  /** The container in them. */
  container: string;
  program: string;
  /** Files anyone may read: they show in a preview. */
  plain: Record<string, string>;
  /** Files with a secret in them. */
  secret: Record<string, string>;
  /** Files that are read once, when the data directory is made: a change of them alone is no change. `MemberReady` sees to the rest. */
  initial: Record<string, string>;
}
export interface PodFilesOutputs extends PodFilesInputs {
  /** Names the set of files that the pods run with. */
  revision: string;
}

/** The key, and the mounted file, that says which set of files this is. */
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
    await requireOwnSecret(podLocation(inputs), inputs.secretName, clusterOf(inputs));
    return { id: idOf(inputs), outs: { ...inputs, revision: await deliver(inputs) } };
  },
  async update(_id, olds, news) {
    await requireOwnSecret(podLocation(news), news.secretName, clusterOf(news));
    return { outs: { ...news, revision: await deliver(news, olds) } };
  },
  async read(id, props) {
    const found = await readSecret(podLocation(props), props.secretName);
    if (found === undefined) return { id: "" };
    const revision = found[REVISION_KEY] ?? "";
    // What is read once may have been corrected before it was read.
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

/** What the Secret holds. */
export function secretData(inputs: PodFilesInputs, revision: string): Record<string, string> {
  const data: Record<string, string> = { [REVISION_KEY]: revision };
  for (const [path, text] of Object.entries(filesOf(inputs))) {
    const key = fileKey(path);
    if (key in data) throw new Error(`${inputs.secretName}: two files are called ${JSON.stringify(key)} in a Secret`);
    data[key] = text;
  }
  return data;
}

/**
 * Checked before it is written, because a pod that starts later takes what the Secret says: a set that the program refuses
 * must not stay there. For the same reason the old one comes back when a pod does not take the new one.
 */
async function deliver(inputs: PodFilesInputs, olds?: PodFilesOutputs): Promise<string> {
  const revision = revisionOf(inputs);
  const delivery: Delivery = { ...inputs, location: podLocation(inputs), revision };
  const isNew = olds?.revision !== revision;
  if (isNew) await checkInOnePod(delivery, await archiveOf(filesOf(inputs)));
  await write(inputs, revision);
  try {
    if (isNew) await deliverToPods(delivery);
  } catch (error) {
    if (olds !== undefined && olds.revision !== TAMPERED) await putBack(olds);
    throw error;
  }
  return revision;
}

async function putBack(olds: PodFilesOutputs): Promise<void> {
  try {
    console.log(`${olds.secretName}: back to the files that were there before`);
    await write(olds, olds.revision);
    await deliverToPods({ ...olds, location: podLocation(olds) });
  } catch (error) {
    console.log(`${olds.secretName}: the files that were there before: ${(error as Error).message}`);
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
