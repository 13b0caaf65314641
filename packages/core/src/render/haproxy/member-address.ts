import type { ResolvedMember } from "../../model/types";
import { memberPorts } from "../../ports";

/** Where HAProxy finds these ports of a member. */
export const addressFor = ({ address, otherAddress }: ResolvedMember, ports: readonly number[]): string =>
  ports.every((port) => memberPorts.includes(port)) ? address : otherAddress;
