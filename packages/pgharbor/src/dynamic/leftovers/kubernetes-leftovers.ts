import { removeLeftovers } from "../../clients/kubernetes/objects/leftovers";
import { comparableLocation, podLocation, type Location } from "../../clients/location";
import type { Handler } from "../provider/handler";
import { sweep } from "./sweep";

/** The objects of a cluster on Kubernetes, whether the state has them or not. */
export interface KubernetesLeftoversInputs extends Location {
  cluster: string;
  /** The value of a label that all of them have. */
  uid: string;
}

/** Created before every object of a cluster but its ServiceAccount. So it is deleted after them, and deletes what a killed run left. */
export const kubernetesLeftovers: Handler<KubernetesLeftoversInputs> = sweep(
  "KubernetesLeftovers",
  {
    id: ({ cluster, kubernetes }) => `${kubernetes?.namespace}/${cluster}`,
    comparable: ({ uid, ...location }) => [uid, comparableLocation(location)],
  },
  (props) => removeLeftovers(podLocation(props), props.uid),
);
