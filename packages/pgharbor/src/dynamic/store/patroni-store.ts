import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { deleteClaims, deleteConfigMaps } from "../../clients/kubernetes/objects/clean-up";
import { LEAVING_SECONDS, clusterSelector, membersSelector } from "../../clients/kubernetes/objects/member-pod";
import { listPods } from "../../clients/kubernetes/objects/pods";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { comparableLocation, podLocation } from "../../clients/location";
import { assertStoreFree } from "./free-store";
import type { Handler } from "../provider/handler";

/** The objects that Patroni itself creates in Kubernetes. No program declares them, so this resource deletes them. */
export interface PatroniStoreInputs extends PodLocation {
  cluster: string;
  /** True: remaining claims are deleted too, with their data. */
  deleteClaims?: boolean;
}

export const patroniStore: Handler<PatroniStoreInputs> = {
  async diff(_id, olds, news) {
    const replaces = olds.cluster === news.cluster ? [] : ["cluster"];
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)), replaces };
  },
  async create(inputs) {
    await assertStoreFree(podLocation(inputs), inputs.cluster);
    return { id: `${inputs.kubernetes?.namespace}/${inputs.cluster}`, outs: inputs };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
  async delete(_id, props) {
    const location = podLocation(props);
    await waitUntilMembersLeft(props);
    await deleteConfigMaps(location, membersSelector(props.cluster));
    if (props.deleteClaims === true) await deleteClaims(location, clusterSelector(props.cluster));
  },
};

const comparable = (inputs: PatroniStoreInputs) => ({
  ...comparableLocation(inputs),
  cluster: inputs.cluster,
  deleteClaims: inputs.deleteClaims === true,
});

/** A member that stops still writes to the store, which must not happen after the store is deleted. */
async function waitUntilMembersLeft(props: PatroniStoreInputs): Promise<void> {
  const deadline = Date.now() + LEAVING_SECONDS * 1000;
  for (let reported = false; ; reported = true) {
    const pods = await listPods(podLocation(props), membersSelector(props.cluster));
    if (pods.length === 0 || Date.now() > deadline) return;
    if (!reported) console.log(`${props.cluster}: waiting for ${pods.length} member(s) to end`);
    await sleep(500);
  }
}
