import type { ResolvedMember } from "../../model/types";
import { memberPorts } from "../../ports";

/** HAProxy's address for these ports of a member. */
export const addressFor = ({ address, otherAddress }: ResolvedMember, ports: readonly number[]): string =>
  ports.every((port) => memberPorts.includes(port)) ? address : otherAddress;
