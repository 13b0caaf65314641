import { execInPod } from "../../clients/kubernetes/exec/exec";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { annotatePod, isRunning, listPods, nameOf } from "../../clients/kubernetes/objects/pods";

/** A set of files that is delivered to pods. */
export interface Delivery {
  location: PodLocation;
  selector: string;
  container: string;
  program: string;
  secretName: string;
  revision: string;
}

/** A kubelet mounts a Secret's new content when it syncs the pod: at once after a change of the pod, else after a minute or more. */
const MOUNT_SECONDS = 60;
/** The kubelet may sync before it has received the new Secret. Then the pod must be changed again. */
const NUDGE_SECONDS = 4;
const ROUNDS = 3;

/** Runs the program's own check of the new files in a running pod. Without one, nothing is checked. */
export async function assertAcceptedByOnePod(delivery: Delivery, archive: Buffer): Promise<void> {
  const [pod] = await runningPods(delivery);
  if (pod === undefined) return;
  // A crashing pod must not block the files that correct it.
  const checked = await unlessStopped(delivery, pod, () =>
    execInPod(delivery.location, `${pod}/${delivery.container}`, ["pgharbor-apply", "--check"], {
      stdin: archive,
      repeatable: true,
    }),
  );
  if (checked !== undefined && checked.code !== 0) throw refused(delivery, pod, checked.stderr);
}

const refused = ({ program, container }: Delivery, pod: string, stderr: string): Error =>
  new Error(
    `${pod}/${container}: ${program} refused its new configuration and keeps running with the old one:\n${stderr.trim()}`,
  );

/** Makes every running pod load the Secret's new files. Other pods start with them. */
export async function deliverToPods(delivery: Delivery): Promise<void> {
  const done = new Set<string>();
  // A pod that has started meanwhile may have mounted the old files.
  for (let round = 0; round < ROUNDS; round++) {
    const pods = (await runningPods(delivery)).filter((pod) => !done.has(pod));
    if (pods.length === 0) return;
    const mounted = await Promise.allSettled(pods.map((pod) => waitUntilMounted(delivery, pod)));
    const failed = mounted.find((result) => result.status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    // One after the other: a failed reload stops at the first pod.
    for (const pod of pods) {
      await reload(delivery, pod);
      done.add(pod);
    }
  }
}

const runningPods = async ({ location, selector, container }: Delivery): Promise<string[]> =>
  (await listPods(location, selector)).filter((pod) => isRunning(pod, container)).map(nameOf);

const stillRuns = async (delivery: Delivery, pod: string): Promise<boolean> =>
  (await runningPods(delivery)).includes(pod);

/** Waits inside the pod, so that polling needs no connections. */
const WAIT = `i=0; until [ "$(cat /etc/pgharbor/current/revision 2>/dev/null)" = "$0" ]; do
  i=$((i + 1)); [ "$i" -lt ${NUDGE_SECONDS * 5} ] || exit 3; sleep 0.2; done`;

async function waitUntilMounted(delivery: Delivery, pod: string): Promise<void> {
  const { location, container, revision } = delivery;
  const deadline = Date.now() + MOUNT_SECONDS * 1000;
  for (let nudge = 1; ; nudge++) {
    const value = nudge === 1 ? revision : `${revision}.${nudge}`;
    if (!(await annotatePod(location, pod, { [`pgharbor.revision/${container}`]: value }))) return;
    const mounted = await unlessStopped(delivery, pod, () =>
      execInPod(location, `${pod}/${container}`, ["sh", "-c", WAIT, revision], {
        repeatable: true,
        timeoutSeconds: 30,
      }),
    );
    if (mounted === undefined || mounted.code === 0) return;
    if (Date.now() > deadline) {
      throw new Error(
        `${pod}/${container}: does not see the new files of Secret ${delivery.secretName} after ${MOUNT_SECONDS} s; see \`kubectl -n ${location.kubernetes.namespace} describe pod ${pod}\``,
      );
    }
    if (nudge === 2) console.log(`${pod}/${container}: waiting for its new files`);
  }
}

async function reload(delivery: Delivery, pod: string): Promise<void> {
  const { location, container, program } = delivery;
  const applied = await unlessStopped(delivery, pod, () =>
    execInPod(location, `${pod}/${container}`, ["pgharbor-apply", "--mounted"], { repeatable: true }),
  );
  if (applied === undefined) return;
  if (applied.code !== 0) throw refused(delivery, pod, applied.stderr);
  console.log(`${pod}/${container}: ${program} runs with revision ${delivery.revision}`);
}

/** Ignores the failure of a pod that has stopped, because its successor starts with the new files. */
async function unlessStopped<T>(delivery: Delivery, pod: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (await stillRuns(delivery, pod)) throw error;
    console.log(`${pod}/${delivery.container}: stopped; it starts with the new files`);
    return undefined;
  }
}
