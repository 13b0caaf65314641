import * as pulumi from "@pulumi/pulumi";
import type { handlers as handlersOfV1 } from "./v1";

/**
 * A resource that pgharbor handles itself, by Pulumi's provider of dynamic resources. What Pulumi keeps of its provider in
 * the state is nothing but the way to the installed package, so that a refresh or a destroy years later runs that
 * package's code, and the state stays small. `pulumi.dynamic.Resource` would write the text of functions instead: more than
 * two thousand characters a resource, and a compiler loaded in every program to make them.
 */
export abstract class HandledResource extends pulumi.CustomResource {
  constructor(
    kind: keyof typeof handlersOfV1 & string,
    name: string,
    props: Record<string, unknown>,
    opts: pulumi.CustomResourceOptions,
  ) {
    const __provider = `exports.handler = () => require("pgharbor/dynamic/v1").handlers.${kind};`;
    super(
      `pulumi-nodejs:dynamic/pgharbor:${kind}`,
      name,
      { ...withSecretWay(props), __provider },
      withSecretKept(props, opts),
    );
  }
}

/** The way to a cluster holds credentials, so it is a secret input and output of every resource that has one. */
const withSecretWay = (props: Record<string, unknown>): Record<string, unknown> =>
  props.kubeconfig === undefined ? props : { ...props, kubeconfig: pulumi.secret(props.kubeconfig) };

const withSecretKept = (
  props: Record<string, unknown>,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions =>
  props.kubeconfig === undefined
    ? opts
    : { ...opts, additionalSecretOutputs: [...(opts.additionalSecretOutputs ?? []), "kubeconfig"] };
