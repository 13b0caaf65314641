import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { renderSystemRolesSql } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { memberContainer, locationArgs, type KubernetesContext } from "../context/context";
import { readDeferred, type DeferredOutputs } from "../../deferred-values";

/** After the files of all members, and before the members themselves: one that is replaced must be let in with what its files say. */
export class SystemRoles extends HandledResource<"SystemRoles"> {
  constructor(context: KubernetesContext, deferred: DeferredOutputs, opts: pulumi.CustomResourceOptions) {
    const { model } = context;
    const members = model.members.map((member) => memberContainer(model, member.name));
    const passwords = pulumi.secret(readDeferred(deferred, (values) => sha256(renderSystemRolesSql(values))));
    const props = { ...locationArgs(context), cluster: model.name, members, passwords };
    super("SystemRoles", `${model.name}-system-roles`, props, { ...opts, additionalSecretOutputs: ["passwords"] });
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
