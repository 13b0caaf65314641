import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { renderSystemRolesSql } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { memberContainer, locationArgs, type KubernetesContext } from "../context/context";
import { readDeferred, type DeferredOutputs } from "../../deferred-values";

/**
 * Depends on the files of all members, and members depend on it: a replaced member must be able to log in with the passwords in its files.
 */
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
