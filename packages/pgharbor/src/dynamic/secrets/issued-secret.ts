import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { podLocation } from "../../clients/location";
import { isOther, type Handler } from "../provider/handler";
import { deleteOwnSecret } from "./own-secret";

/** The Secret of an issued certificate. cert-manager does not delete it and the private key in it, so this resource does. */
export interface IssuedSecretInputs extends PodLocation {
  secretName: string;
  /** The owner, in a label that the Certificate gives the Secret. */
  cluster: string;
}

export const issuedSecret: Handler<IssuedSecretInputs> = {
  async diff(_id, olds, news) {
    const isSame =
      olds.secretName === news.secretName && !isOther(olds.kubernetes?.namespace, news.kubernetes?.namespace);
    const changes = !isSame || olds.cluster !== news.cluster || olds.kubernetes?.context !== news.kubernetes?.context;
    return { changes, replaces: isSame ? [] : ["secretName"] };
  },
  async create(inputs) {
    return { id: `${inputs.kubernetes?.namespace}/${inputs.secretName}`, outs: inputs };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
  async delete(_id, props) {
    await deleteOwnSecret(podLocation(props), props.secretName, props.cluster);
  },
};
