import * as pulumi from "@pulumi/pulumi";
import type { handlers } from "./v1";

/** The kinds of resources that pgharbor handles itself. Users' states store these names. */
export type Kind = keyof typeof handlers;
type HandlerOf<K extends Kind> = (typeof handlers)[K];
type InputsOf<K extends Kind> = Parameters<HandlerOf<K>["create"]>[0];
type OutputsOf<K extends Kind> = Parameters<HandlerOf<K>["update"]>[1];

type Primitive = string | number | boolean | null | undefined;
type Nested<T> = unknown extends T
  ? unknown
  : T extends Primitive
    ? T
    : T extends readonly (infer Item)[]
      ? NestedInput<Item>[]
      : { [Field in keyof T]: NestedInput<T[Field]> };
type NestedInput<T> = pulumi.Input<Nested<T>>;

/** The same fields as Pulumi inputs; of a union, the same union. */
export type Args<T> = { [Field in keyof T]: NestedInput<T[Field]> };

/** The arguments of a kind's handler, as Pulumi inputs. An output that the handler adds may be declared by `undefined`. */
export type ArgsOf<K extends Kind> = Args<InputsOf<K>> & {
  [Field in Exclude<keyof OutputsOf<K>, keyof InputsOf<K>>]?: undefined;
};

/**
 * A resource that pgharbor handles itself, through Pulumi's provider of dynamic resources. The state only stores how to require
 * the installed package, so that a refresh or a destroy years later runs that package's code, and the state stays small.
 * `pulumi.dynamic.Resource` would store the text of functions instead: more than two thousand characters a resource, and a
 * compiler loaded in every program to serialize them.
 */
export abstract class HandledResource<K extends Kind> extends pulumi.CustomResource {
  constructor(kind: K, name: string, args: ArgsOf<K>, opts: pulumi.CustomResourceOptions) {
    const __provider = `exports.handler = () => require("pgharbor/dynamic/v1").handlers.${kind};`;
    const { kubeconfig, ...inputs }: Credentials = args;
    // A kubeconfig holds credentials, so it is a secret input and output of every resource that has one.
    const secret = kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) };
    super(
      `pulumi-nodejs:dynamic/pgharbor:${kind}`,
      name,
      { ...inputs, ...secret, __provider },
      kubeconfig === undefined ? opts : withSecretOutput(opts, "kubeconfig"),
    );
  }
}

interface Credentials {
  kubeconfig?: pulumi.Input<string>;
}

const withSecretOutput = (opts: pulumi.CustomResourceOptions, name: string): pulumi.CustomResourceOptions => ({
  ...opts,
  additionalSecretOutputs: [...(opts.additionalSecretOutputs ?? []), name],
});
