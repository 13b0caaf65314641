import { podContainerOf } from "../../clients/kubernetes/exec/pod-container";
import type { V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { readClaim } from "../../clients/kubernetes/objects/claims";
import { callApi, type PodLocation } from "../../clients/kubernetes/connection/client";
import { warningsOf } from "../../clients/kubernetes/objects/events";
import { fileKey } from "../../clients/kubernetes/objects/file-key";
import { hasTimeToLeave, isLeaving, isReady, isRunning, nameOf } from "../../clients/kubernetes/objects/pods";
import { retryPod, retryStatefulSet } from "../../clients/kubernetes/connection/retry";
import { putIntoSecret } from "../../clients/kubernetes/objects/secrets";
import { comparableLocation, execAt, locationOf, podLocation } from "../../clients/location";
import { gate } from "../provider/gate";
import type { Handler } from "../provider/handler";
import { leave, type LeavingMember } from "./member-leave";
import { MemberProgress } from "./member-progress";
import { containerTrouble, refused, troubleOf, type Trouble } from "../readiness/pod-trouble";
import { gone, PodWatch, type Look } from "../readiness/pod-watch";

/** That one member follows or leads, before the next one is touched. */
export interface MemberReadyInputs extends LeavingMember {
  statefulSet: string;
  /** Which StatefulSet, and which state of it: after a change of either its pod is waited for. */
  version: { uid?: string; generation?: number };
  /** Of the member that makes the database: what it reads then, and the Secret it is in. A change of it is no change. */
  initial?: { secretName: string; files: Record<string, string> };
}

/** The controller has had its chance by then. */
const RETRY_AFTER_MS = 3_000;
/** A pod is made a moment before it is waited for, and one that crashes has crashed for longer. */
const OF_THIS_UPDATE_MS = 30_000;

export const memberReady: Handler<MemberReadyInputs> = {
  ...gate<MemberReadyInputs>({
    id: (inputs) => `${inputs.cluster}/${inputs.member}`,
    comparable: (inputs) => ({
      ...comparableLocation(inputs),
      member: inputs.member,
      cluster: inputs.cluster,
      statefulSet: inputs.statefulSet,
      version: inputs.version,
      staysLast: inputs.staysLast === true,
    }),
    pass: untilReady,
  }),
  // Deleted after the members that come after it in turn, and before its own.
  delete: (_id, props) => leave(props),
};

/** Pulumi's own provider would wait ten minutes for a pod that cannot come, and give up on a replica that copies for longer. */
async function untilReady(inputs: MemberReadyInputs): Promise<void> {
  const member = new MemberProgress(locationOf(inputs), inputs.member);
  const started = Date.now();
  const retryAt = started + RETRY_AFTER_MS;
  let retried = false;
  let restarted = false;
  await new PodWatch(podLocation(inputs), workloadOf(inputs)).until(async () => {
    const found = await lookAt(inputs);
    // One that crashes has moments in which it runs, so it may take a while until that shows.
    if (!restarted && hasCrashedBefore(found, started)) {
      restarted = true;
      await startAnew(inputs, found.pod);
      return { done: false, status: "is started anew", isAtWork: true };
    }
    if (found.pod === undefined && !retried && Date.now() > retryAt) {
      retried = true;
      await retryStatefulSet(podLocation(inputs), inputs.statefulSet);
    }
    if (!found.runs || found.trouble !== undefined) return found;
    if (!(await member.isBack())) return { done: false, status: member.status, isAtWork: true };
    const { pod, ...then } = await lookAt(inputs);
    return { ...then, done: pod !== undefined && isReady(pod), status: "is back, and not ready yet" };
  });
  const synced = await execAt(locationOf(inputs), inputs.member, ["pgharbor-patroni", "sync-roles"], {
    repeatable: true,
  });
  // An image from before there was that command has no roles to sync; argparse ends with 2 then.
  if (synced.code === 0 || (synced.code === 2 && synced.stderr.includes("invalid choice"))) return;
  throw new Error(`${inputs.member}: the roles of ${inputs.cluster} could not be synced: ${synced.stderr.trim()}`);
}

/** Whether it is a pod from an update before. One of this update has all that the program says, and crashes again. */
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
 * What it crashed of may be corrected now. It runs no Postgres, so nothing of it is lost. A correction of what is read once would
 * not come to it otherwise: when there is a database, nobody wants it.
 */
async function startAnew(inputs: MemberReadyInputs, pod: V1Pod): Promise<void> {
  console.log(`${nameOf(pod)}: crashes, and is started anew`);
  if (inputs.initial !== undefined)
    await putIntoSecret(podLocation(inputs), inputs.initial.secretName, byKey(inputs.initial.files));
  await retryPod(podLocation(inputs), nameOf(pod), pod.metadata?.uid);
}

const byKey = (files: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [fileKey(path), text]));

const workloadOf = ({ statefulSet }: MemberReadyInputs): string => `statefulset/${statefulSet}`;

interface MemberLook extends Look {
  /** The one that the StatefulSet makes now. */
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
  if (set === undefined) throw gone(workloadOf(inputs), namespace);
  const found = await callApi(location, `read pod ${namespace}/${name}`, ({ core }) =>
    core.readNamespacedPod({ namespace, name }),
  );
  if (found === undefined)
    return { done: false, runs: false, status: "has no pod yet", trouble: await refusal(inputs, set) };
  if (!isOf(set, found)) {
    const status = "waits until its former pod is gone";
    return { done: false, runs: false, pod: found, status, isAtWork: hasTimeToLeave(found, Date.now()) };
  }
  const runs = isRunning(found, container);
  const seen = troubleOf([found], runs ? [] : await warningsOf(location, [found]), Date.now());
  const trouble = seen?.kind === "claim" ? await inWordsOfClaims(location, found, seen) : seen;
  // Readiness takes as long as a recovery or a copy; Patroni knows how far that is.
  const isWell = trouble === undefined || trouble.kind === "unwell";
  return { done: false, runs, pod: found, status: "starts its containers", trouble: isWell ? undefined : trouble };
}

/** The scheduler says only that there is no volume; why is with the claim. */
async function inWordsOfClaims(location: PodLocation, pod: V1Pod, trouble: Trouble): Promise<Trouble> {
  for (const { persistentVolumeClaim } of pod.spec?.volumes ?? []) {
    const claim = persistentVolumeClaim && (await readClaim(location, persistentVolumeClaim.claimName));
    const said = claim && (await warningsOf(location, [claim])).pop()?.message;
    if (said) return { ...trouble, value: `${nameOf(claim)}: ${said}`, see: `describe pvc ${nameOf(claim)}` };
  }
  return trouble;
}

const isOf = ({ metadata, status }: V1StatefulSet, pod: V1Pod): boolean =>
  !isLeaving(pod) &&
  (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
  pod.metadata?.labels?.["controller-revision-hash"] === status?.updateRevision;

async function refusal(inputs: MemberReadyInputs, set: V1StatefulSet) {
  const said = (await warningsOf(podLocation(inputs), [set])).filter(({ reason }) => reason === "FailedCreate").pop();
  return said && refused(workloadOf(inputs), said.message ?? "no reason given");
}
