import type * as pulumi from "@pulumi/pulumi";
import type { ClusterInternals } from "./cluster";

/** The user that a `PgUser`, or its output `username`, represents. */
export interface DeclaredUser {
  target: object;
  username: string;
}

/** A supporting service on a cluster. */
export interface DeclaredService {
  name: string;
  nodePort?: number;
}

/** A host port on which the program publishes something. */
export interface PublishedPort {
  address: string;
  port: number;
  /** Completes "is taken by …". */
  by: string;
}

/** Declarations about one object: a target, a user, a database, or the program itself. */
export interface Entry {
  /** Set for a `PostgresCluster`. */
  cluster?: ClusterInternals;
  /** Name of an `ExternalPostgres`. */
  externalName?: string;
  /** Set for a `PgUser` and its output `username`. */
  user?: DeclaredUser;
  /** Target of a `PgDatabase`. */
  databaseTarget?: object;
  /** Declarations on a target: the resource that creates each, by name. */
  users: Map<string, pulumi.Resource>;
  databases: Map<string, pulumi.Resource>;
  bindingSecrets: Map<string, pulumi.Resource>;
  services: DeclaredService[];
  /** Set for the program, because one process may run several, as tests do. */
  ports: PublishedPort[];
}

/**
 * The registry of all declarations so far. They are not fields of the components, because Pulumi would make every field, even a private
 * one, an output.
 */
const registry = new WeakMap<object, Entry>();

/**
 * The entry of an object, empty if nothing was declared yet. A program that is not type-checked may pass any value: a value that is not
 * an object gets an empty entry that is not stored, and a rule refuses it.
 */
export function entryOf(object: object): Entry {
  const found = registry.get(object);
  if (found !== undefined) return found;
  const entry: Entry = { users: new Map(), databases: new Map(), bindingSecrets: new Map(), services: [], ports: [] };
  if ((typeof object === "object" && object !== null) || typeof object === "function") registry.set(object, entry);
  return entry;
}
