import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { membersSelector } from "../../clients/kubernetes/objects/member-pod";
import { isTerminating, isRunning, listPods, nameOf } from "../../clients/kubernetes/objects/pods";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { execAt, locationOf, podLocation } from "../../clients/location";

/** Pods that members must resolve by a name before the primary may move. */
export interface KnownPods {
  cluster: string;
  /** A headless Service. */
  name: string;
  /** Label selector of the pods. */
  selector: string;
}

/** DNS servers repeat an answer for half a minute: `ttl` and `cache` in the Corefile of kubeadm. */
const KNOWN_SECONDS = 40;

/**
 * Waits until Patroni's hooks would find all of these pods. A switchover before that does not pause some of them, so their clients
 * lose connections. That is no reason to fail.
 */
export async function waitUntilKnown(location: PodLocation, known: KnownPods): Promise<void> {
  const deadline = Date.now() + KNOWN_SECONDS * 1000;
  for (let reported = false; ; reported = true) {
    const missing = await membersLacking(location, known);
    if (missing.length === 0) return;
    if (Date.now() > deadline) {
      console.log(`${known.name}: ${missing.join(", ")} still resolves it to former pods after ${KNOWN_SECONDS} s`);
      return;
    }
    if (!reported) console.log(`${known.name}: waiting until members resolve it to the new pods`);
    await sleep(1000);
  }
}

/** Members that do not resolve the name to all of the pods. */
async function membersLacking(location: PodLocation, { cluster, name, selector }: KnownPods): Promise<string[]> {
  const addresses = (await listPods(podLocation(location), selector))
    .filter((pod) => !isTerminating(pod))
    .flatMap(addressOf);
  const members = (await listPods(podLocation(location), membersSelector(cluster))).filter((pod) =>
    isRunning(pod, "patroni"),
  );
  const lacking = members.map(nameOf).map(async (member) => {
    const found = await resolvedIn(location, member, name);
    return addresses.every((address) => found.includes(address)) ? [] : [member];
  });
  return (await Promise.all(lacking)).flat();
}

const addressOf = ({ status }: V1Pod): string[] => (status?.podIP === undefined ? [] : [status.podIP]);

async function resolvedIn(location: PodLocation, pod: string, name: string): Promise<string[]> {
  const { stdout } = await execAt(locationOf(location), `${pod}/patroni`, ["getent", "ahostsv4", name], {
    repeatable: true,
  });
  return stdout.split("\n").map((line) => line.split(/\s/)[0] ?? "");
}
