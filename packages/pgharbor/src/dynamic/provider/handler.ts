import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from "@pulumi/pulumi/dynamic";

/** What Pulumi puts in place of a value that a preview does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a change is known to be one: a preview must not tell of a replacement that may not come. */
export const isOther = (old: unknown, next: unknown): boolean => next !== UNKNOWN && old !== next;

/**
 * The engine's side of one kind of resource. `check` and `diff` run in previews, so they connect nowhere; but before it refuses a
 * change for what lives, a `check` may ask whether that lives at all.
 * The code that runs is always the installed package's, also for a resource that an older version made.
 */
export interface Handler<Inputs, Outputs extends Inputs = Inputs> {
  check?(olds: Inputs, news: Inputs): Promise<CheckResult>;
  diff(id: string, olds: Outputs, news: Inputs): Promise<DiffResult>;
  create(inputs: Inputs): Promise<CreateResult<Outputs>>;
  /** Always there: without it the provider would remember nothing of a change that `diff` tells of. */
  update(id: string, olds: Outputs, news: Inputs): Promise<UpdateResult<Outputs>>;
  read?(id: string, props: Outputs): Promise<ReadResult<Outputs>>;
  delete?(id: string, props: Outputs): Promise<void>;
}
