import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { deleteClaims, deleteConfigMaps } from "../../clients/kubernetes/objects/clean-up";
import { LEAVING_SECONDS, ofCluster, ofMembers } from "../../clients/kubernetes/objects/member-pod";
import { listPods } from "../../clients/kubernetes/objects/pods";
import { comparableLocation, podLocation, type Location } from "../../clients/location";
import { requireFreeStore } from "./free-store";
import type { Handler } from "../provider/handler";

/** What Patroni makes of a cluster in Kubernetes by itself: nothing declares it, so something must take it away. */
export interface PatroniStoreInputs extends Location {
  cluster: string;
  /** Whether claims that are left go too, with the data on them. */
  deleteClaims?: boolean;
}

export const patroniStore: Handler<PatroniStoreInputs> = {
  async diff(_id, olds, news) {
    const replaces = olds.cluster === news.cluster ? [] : ["cluster"];
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)), replaces };
  },
  async create(inputs) {
    await requireFreeStore(podLocation(inputs), inputs.cluster);
    return { id: `${inputs.kubernetes?.namespace}/${inputs.cluster}`, outs: inputs };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
  async delete(_id, props) {
    const location = podLocation(props);
    await untilMembersLeft(props);
    await deleteConfigMaps(location, ofMembers(props.cluster));
    if (props.deleteClaims === true) await deleteClaims(location, ofCluster(props.cluster));
  },
};

const comparable = (inputs: PatroniStoreInputs) => ({
  ...comparableLocation(inputs),
  cluster: inputs.cluster,
  deleteClaims: inputs.deleteClaims === true,
});

/** A member that ends writes its last words; they must not come after the store is gone. */
async function untilMembersLeft(props: PatroniStoreInputs): Promise<void> {
  const deadline = Date.now() + LEAVING_SECONDS * 1000;
  for (let told = false; ; told = true) {
    const pods = await listPods(podLocation(props), ofMembers(props.cluster));
    if (pods.length === 0 || Date.now() > deadline) return;
    if (!told) console.log(`${props.cluster}: waiting for ${pods.length} member(s) to end`);
    await sleep(500);
  }
}
