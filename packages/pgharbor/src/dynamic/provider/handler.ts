import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from "@pulumi/pulumi/dynamic";

/** Pulumi's placeholder for a value that a preview does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** An unknown value is no change: a preview must not announce a replacement that may not happen. */
export const isOther = (old: unknown, next: unknown): boolean => next !== UNKNOWN && old !== next;

/**
 * The handler of one kind of resource. `check` and `diff` run in previews, so they open no connections, with two exceptions: before
 * a `check` refuses a change, it may ask whether the cluster exists, and `ContainerFiles` asks for a leader when its `initial` files
 * change.
 * The installed package's code runs, also for a resource that an older version created.
 */
export interface Handler<Inputs, Outputs extends Inputs = Inputs> {
  check?(olds: Inputs, news: Inputs): Promise<CheckResult>;
  diff(id: string, olds: Outputs, news: Inputs): Promise<DiffResult>;
  create(inputs: Inputs): Promise<CreateResult<Outputs>>;
  /** Required: without it, the provider would not store a change that `diff` reports. */
  update(id: string, olds: Outputs, news: Inputs): Promise<UpdateResult<Outputs>>;
  read?(id: string, props: Outputs): Promise<ReadResult<Outputs>>;
  delete?(id: string, props: Outputs): Promise<void>;
}
