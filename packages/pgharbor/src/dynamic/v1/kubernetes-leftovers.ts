import { removeLeftovers } from "../../reach/kubernetes/leftovers";
import { comparablePlace, podPlace, type Place } from "../../reach/place";
import { remembered } from "./gate";
import type { Handler } from "./handler";
import { isReplaced, noteCreated } from "./replaced";

/** The objects of a cluster on Kubernetes, whether the state has them or not. */
export interface KubernetesLeftoversInputs extends Place {
  cluster: string;
  /** The value of a label that all of them have. */
  uid: string;
}

/** Created before every object of a cluster but its ServiceAccount. So it is deleted after them, and deletes what a killed run left. */
export const kubernetesLeftovers: Handler<KubernetesLeftoversInputs> = {
  ...remembered<KubernetesLeftoversInputs>({
    id: ({ cluster, kubernetes }) => `${kubernetes?.namespace}/${cluster}`,
    comparable: ({ uid, ...place }) => [uid, comparablePlace(place)],
  }),
  async create(inputs) {
    const id = `${inputs.kubernetes?.namespace}/${inputs.cluster}`;
    noteCreated("KubernetesLeftovers", id);
    return { id, outs: inputs };
  },
  async delete(id, props) {
    if (!isReplaced("KubernetesLeftovers", id)) await removeLeftovers(podPlace(props), props.uid);
  },
};
