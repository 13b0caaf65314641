import type * as pulumi from "@pulumi/pulumi";
import type { ClusterInternals } from "./cluster";

/** A user that an object of the program is: a `PgUser`, or its output `username`. */
export interface DeclaredUser {
  target: object;
  username: string;
}

/** A supporting service on a cluster. */
export interface DeclaredService {
  name: string;
  nodePort?: number;
}

/** A port of the host that something of the program is published on. */
export interface PublishedPort {
  address: string;
  port: number;
  /** Completes "is taken by …". */
  by: string;
}

/** What a program has declared about one object: a target, a user, a database, or the program itself. */
export interface Entry {
  /** Set for a `PostgresCluster`. */
  cluster?: ClusterInternals;
  /** Name of an `ExternalPostgres`. */
  externalName?: string;
  /** Set for a `PgUser` and its output `username`. */
  user?: DeclaredUser;
  /** Target of a `PgDatabase`. */
  databaseTarget?: object;
  /** Declared on a target: the resource that creates each, by name. */
  users: Map<string, pulumi.Resource>;
  databases: Map<string, pulumi.Resource>;
  bindingSecrets: Map<string, pulumi.Resource>;
  services: DeclaredService[];
  /** Set for the program: one process may run several, as tests do. */
  ports: PublishedPort[];
}

/**
 * The one registry of what a program has declared so far. It lies beside the objects: a field of a component, private or not, would
 * become one of its outputs.
 */
const registry = new WeakMap<object, Entry>();

/**
 * The entry of an object. An object of another program has none yet, and gets an empty one. A program that is not type-checked may pass
 * anything: what is no object has an empty entry that is not kept, and a rule refuses it.
 */
export function entryOf(object: object): Entry {
  const found = registry.get(object);
  if (found !== undefined) return found;
  const entry: Entry = { users: new Map(), databases: new Map(), bindingSecrets: new Map(), services: [], ports: [] };
  if ((typeof object === "object" && object !== null) || typeof object === "function") registry.set(object, entry);
  return entry;
}
