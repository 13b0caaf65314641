import { addressesOf, directRules, hbaTitle, letsIn } from "../../model/hba";
import type { ClusterModel } from "../../model/types";
import { word } from "./word";

/**
 * `hba` rules of a direct service, by the client's address. A refused client only sees its connection end. `content` rules log it,
 * `connection` rules would not.
 */
export function addressRules(model: ClusterModel, service: string): string[] {
  const rules = directRules(model.hba, service);
  if (rules.length === 0) return [];
  return [
    "# pgharbor's own SQL comes from within, whatever is said of addresses",
    "tcp-request content accept if { src 127.0.0.0/8 ::1 }",
    ...rules.flatMap((rule) => {
      const action = `tcp-request content ${letsIn(rule) ? "accept" : "reject"}`;
      const where = rule.addr === "world" ? "" : ` if { src ${addressesOf(rule.addr).map(word).join(" ")} }`;
      return [`# ${hbaTitle(rule)}`, `${action}${where}`];
    }),
  ];
}
