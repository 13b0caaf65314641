import { removeLeftovers } from "../../clients/kubernetes/objects/leftovers";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { comparableLocation, podLocation } from "../../clients/location";
import type { Handler } from "../provider/handler";
import { sweep } from "./sweep";

/** The objects of a cluster on Kubernetes, also those that are in no state. */
export interface KubernetesLeftoversInputs extends PodLocation {
  cluster: string;
  /** The value of a label on all of them. */
  uid: string;
}

/** Created before every object of a cluster except the ServiceAccount, so it is deleted after them, with leftovers of killed runs. */
export const kubernetesLeftovers: Handler<KubernetesLeftoversInputs> = sweep(
  "KubernetesLeftovers",
  {
    id: ({ cluster, kubernetes }) => `${kubernetes?.namespace}/${cluster}`,
    comparable: ({ uid, ...location }) => [uid, comparableLocation(location)],
  },
  (props) => removeLeftovers(podLocation(props), props.uid),
);
