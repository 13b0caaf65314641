import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan, Late } from "@pgharbor/core";
import { HandledResource } from "../../dynamic/handled-resource";
import { memberContainer, placeOf, type KubernetesContext } from "./context";
import { readLate, type LateOutputs } from "../late";

/** After the files of all members, and before the members themselves: one that is replaced must be let in with what its files say. */
export class SystemRoles extends HandledResource {
  constructor(context: KubernetesContext, plan: ClusterPlan, late: LateOutputs, opts: pulumi.CustomResourceOptions) {
    const { facts } = context;
    const members = facts.members.map((member) => memberContainer(facts, member.name));
    const passwords = pulumi.secret(readLate(late, (values) => named(plan, values)));
    const props = { ...placeOf(context), cluster: facts.name, members, passwords };
    super("SystemRoles", `${facts.name}-system-roles`, props, { ...opts, additionalSecretOutputs: ["passwords"] });
  }
}

/** Of those that the database knows. */
function named({ containers }: ClusterPlan, late: Late): string {
  const file = containers.flatMap((container) => container.files).find(({ path }) => path === "system-roles.sql");
  return createHash("sha256")
    .update(file?.content(late) ?? "")
    .digest("hex");
}
