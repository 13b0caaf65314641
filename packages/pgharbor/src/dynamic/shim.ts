/* eslint-disable @typescript-eslint/no-require-imports */
import type * as dynamic from "@pulumi/pulumi/dynamic";
import type { handlers as handlersOfV1 } from "./v1";

type V1 = { handlers: Record<string, dynamic.ResourceProvider> };

/**
 * The provider that Pulumi writes into the state. It holds nothing but the way to the installed package, so that a
 * refresh or a destroy years later runs that package's code, and the state stays small.
 */
export function shim(kind: Kind): dynamic.ResourceProvider {
  // Pulumi writes an object of this kind into text once, which takes it half a second.
  const made = shims.get(kind) ?? newShim(kind);
  shims.set(kind, made);
  return made;
}

type Kind = keyof typeof handlersOfV1 & string;
const shims = new Map<Kind, dynamic.ResourceProvider>();

function newShim(kind: Kind): dynamic.ResourceProvider {
  return {
    check: async (olds, news) => {
      const handler = (require("pgharbor/dynamic/v1") as V1).handlers[kind]!;
      return handler.check ? handler.check(olds, news) : { inputs: news };
    },
    diff: async (id, olds, news) => (require("pgharbor/dynamic/v1") as V1).handlers[kind]!.diff!(id, olds, news),
    create: async (inputs) => (require("pgharbor/dynamic/v1") as V1).handlers[kind]!.create(inputs),
    update: async (id, olds, news) => {
      const handler = (require("pgharbor/dynamic/v1") as V1).handlers[kind]!;
      return handler.update ? handler.update(id, olds, news) : { outs: news };
    },
    read: async (id, props) => {
      const handler = (require("pgharbor/dynamic/v1") as V1).handlers[kind]!;
      return handler.read ? handler.read(id, props) : { id, props };
    },
    delete: async (id, props) => {
      await (require("pgharbor/dynamic/v1") as V1).handlers[kind]!.delete?.(id, props);
    },
  };
}
