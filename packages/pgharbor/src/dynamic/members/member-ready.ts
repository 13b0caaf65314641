import { podContainerOf } from "../../clients/kubernetes/exec/pod-container";
import type { V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { readClaim } from "../../clients/kubernetes/objects/claims";
import { callApi, type PodLocation } from "../../clients/kubernetes/connection/client";
import { warningsOf } from "../../clients/kubernetes/objects/events";
import { fileKey } from "../../clients/kubernetes/objects/file-key";
import { isWithinGracePeriod, isTerminating, isReady, isRunning, nameOf } from "../../clients/kubernetes/objects/pods";
import { retryPod, retryStatefulSet } from "../../clients/kubernetes/connection/retry";
import { patchSecret } from "../../clients/kubernetes/objects/secrets";
import { comparableLocation, execAt, locationOf, podLocation } from "../../clients/location";
import { preconditionHandler } from "../provider/precondition";
import type { Handler } from "../provider/handler";
import { prepareLeave, type LeavingMember } from "./member-leave";
import { MemberProgress } from "./member-progress";
import { containerTrouble, refused, troubleOf, type Trouble } from "../readiness/pod-trouble";
import { workloadDeleted, PodWatch, type Look } from "../readiness/pod-watch";

/** Inputs of the wait for one member to follow or lead, before the next one is changed. */
export interface MemberReadyInputs extends LeavingMember {
  statefulSet: string;
  /** The StatefulSet and its generation. After a change of either, the handler waits for the pod. */
  version: { uid?: string; generation?: number };
  /** The files that the initializing member reads once, and their Secret. No change by themselves. */
  initial?: { secretName: string; files: Record<string, string> };
}

/** The controller normally creates the pod within this time. */
const RETRY_AFTER_MS = 3_000;
/** A pod of this update is younger than this when the wait begins, a crashing pod of a former update is older. */
const OF_THIS_UPDATE_MS = 30_000;

export const memberReady: Handler<MemberReadyInputs> = {
  ...preconditionHandler<MemberReadyInputs>({
    id: (inputs) => `${inputs.cluster}/${inputs.member}`,
    comparable: (inputs) => ({
      ...comparableLocation(inputs),
      member: inputs.member,
      cluster: inputs.cluster,
      statefulSet: inputs.statefulSet,
      version: inputs.version,
      staysLast: inputs.staysLast === true,
    }),
    run: waitUntilReady,
  }),
  // Deleted after the members that come later in order, and before this member's own StatefulSet.
  delete: (_id, props) => prepareLeave(props),
};

/** Pulumi's own provider would wait ten minutes for a pod that cannot start, and give up on a replica whose copy takes longer. */
async function waitUntilReady(inputs: MemberReadyInputs): Promise<void> {
  const member = new MemberProgress(locationOf(inputs), inputs.member);
  const started = Date.now();
  const retryAt = started + RETRY_AFTER_MS;
  let retried = false;
  let restarted = false;
  await new PodWatch(podLocation(inputs), workloadOf(inputs)).waitUntilDone(async () => {
    const found = await lookAt(inputs);
    // A crashing container runs for moments, so several polls may pass until the crash shows.
    if (!restarted && hasCrashedBefore(found, started)) {
      restarted = true;
      await restartPod(inputs, found.pod);
      return { done: false, status: "is restarted", isAtWork: true };
    }
    if (found.pod === undefined && !retried && Date.now() > retryAt) {
      retried = true;
      await retryStatefulSet(podLocation(inputs), inputs.statefulSet);
    }
    if (!found.runs || found.trouble !== undefined) return found;
    if (!(await member.poll())) return { done: false, status: member.status, isAtWork: true };
    const { pod, ...now } = await lookAt(inputs);
    return { ...now, done: pod !== undefined && isReady(pod), status: "is back, and not ready yet" };
  });
  const synced = await execAt(locationOf(inputs), inputs.member, ["pgharbor-patroni", "sync-roles"], {
    repeatable: true,
  });
  // An older image without this command has no roles to sync. Its argparse exits with 2.
  if (synced.code === 0 || (synced.code === 2 && synced.stderr.includes("invalid choice"))) return;
  throw new Error(`${inputs.member}: the roles of ${inputs.cluster} could not be synced: ${synced.stderr.trim()}`);
}

/** True for a crashing pod of a former update. A pod of this update has the current files, so a restart would not help. */
const hasCrashedBefore = (look: MemberLook, started: number): look is MemberLook & { pod: V1Pod } => {
  const { pod, runs } = look;
  return (
    pod !== undefined &&
    !runs &&
    containerTrouble(pod)?.kind === "crash" &&
    (pod.metadata?.creationTimestamp?.getTime() ?? started) < started - OF_THIS_UPDATE_MS
  );
};

/**
 * The cause of the crash may be corrected now. The pod runs no Postgres, so the restart loses nothing. Initial files are written here
 * too, because `PodFiles` does not deliver a change of them alone: an initialized database does not read them.
 */
async function restartPod(inputs: MemberReadyInputs, pod: V1Pod): Promise<void> {
  console.log(`${nameOf(pod)}: crashes, and is restarted`);
  if (inputs.initial !== undefined)
    await patchSecret(podLocation(inputs), inputs.initial.secretName, byKey(inputs.initial.files));
  await retryPod(podLocation(inputs), nameOf(pod), pod.metadata?.uid);
}

const byKey = (files: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [fileKey(path), text]));

const workloadOf = ({ statefulSet }: MemberReadyInputs): string => `statefulset/${statefulSet}`;

interface MemberLook extends Look {
  /** The pod of the member's name, which may still be the former one. */
  pod?: V1Pod;
  runs: boolean;
}

async function lookAt(inputs: MemberReadyInputs): Promise<MemberLook> {
  const location = podLocation(inputs);
  const { namespace } = location.kubernetes;
  const { pod: name, container } = podContainerOf(inputs.member);
  const set = await callApi(location, `read ${workloadOf(inputs)} in namespace ${namespace}`, ({ apps }) =>
    apps.readNamespacedStatefulSet({ namespace, name: inputs.statefulSet }),
  );
  if (set === undefined) throw workloadDeleted(workloadOf(inputs), namespace);
  const found = await callApi(location, `read pod ${namespace}/${name}`, ({ core }) =>
    core.readNamespacedPod({ namespace, name }),
  );
  if (found === undefined)
    return { done: false, runs: false, status: "has no pod yet", trouble: await refusal(inputs, set) };
  if (!isOf(set, found)) {
    const status = "waits until its former pod is gone";
    return { done: false, runs: false, pod: found, status, isAtWork: isWithinGracePeriod(found, Date.now()) };
  }
  const runs = isRunning(found, container);
  const reported = troubleOf([found], runs ? [] : await warningsOf(location, [found]), Date.now());
  const trouble = reported?.kind === "claim" ? await explainedByClaims(location, found, reported) : reported;
  // Readiness takes as long as a recovery or a copy, whose progress Patroni knows.
  const isWell = trouble === undefined || trouble.kind === "unwell";
  return { done: false, runs, pod: found, status: "starts its containers", trouble: isWell ? undefined : trouble };
}

/** The scheduler only reports a missing volume. The claim's events show the reason. */
async function explainedByClaims(location: PodLocation, pod: V1Pod, trouble: Trouble): Promise<Trouble> {
  for (const { persistentVolumeClaim } of pod.spec?.volumes ?? []) {
    const claim = persistentVolumeClaim && (await readClaim(location, persistentVolumeClaim.claimName));
    const message = claim && (await warningsOf(location, [claim])).pop()?.message;
    if (message) return { ...trouble, value: `${nameOf(claim)}: ${message}`, see: `describe pvc ${nameOf(claim)}` };
  }
  return trouble;
}

const isOf = ({ metadata, status }: V1StatefulSet, pod: V1Pod): boolean =>
  !isTerminating(pod) &&
  (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
  pod.metadata?.labels?.["controller-revision-hash"] === status?.updateRevision;

async function refusal(inputs: MemberReadyInputs, set: V1StatefulSet) {
  const event = (await warningsOf(podLocation(inputs), [set])).filter(({ reason }) => reason === "FailedCreate").pop();
  return event && refused(workloadOf(inputs), event.message ?? "no reason given");
}
