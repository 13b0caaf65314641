import { ExplainedError } from "@pgharbor/core";
import { dockerEngine, execIn } from "../../clients/docker/engine";
import { storeData, type StoreData } from "../../clients/docker/store-status";
import { holdingsOf } from "../volumes/cluster-volumes";
import { seedOf } from "../volumes/store-origin";

/**
 * A member without data joins the others within a few seconds. Between being added and starting, it leaves a store of
 * two without a quorum.
 */
const LASTING_MS = 30_000;

/** The members of a store. */
export interface StoreMembers {
  /** Docker host, or "" for the default. */
  engine: string;
  cluster: string;
  containers: { name: string }[];
}

/**
 * A store in which more than half of the members have lost their data never has a quorum again. A member that still has data is then
 * restarted as a new store, and the others join it. What Patroni needs comes from the members' volumes, as for a store that is lost as a
 * whole: the remaining data may be old.
 */
export class LostQuorum {
  private since: number | undefined;

  constructor(private readonly inputs: StoreMembers) {}

  /** Called while the store is not ready. */
  async repair(): Promise<void> {
    const remaining = await this.remaining();
    if (remaining === undefined) {
      this.since = undefined;
      return;
    }
    this.since ??= Date.now();
    if (Date.now() - this.since < LASTING_MS) return;
    this.since = undefined;
    await this.reseed(remaining);
  }

  /** Returns the container that becomes the new store, if the loss of data ended the quorum for good. */
  private async remaining(): Promise<Remaining | undefined> {
    const docker = dockerEngine(this.inputs.engine);
    const found = await Promise.all(
      this.inputs.containers.map(async ({ name }) => {
        const data = await storeData(docker, name);
        return data && { name, ...data };
      }),
    );
    return remainingOf(found);
  }

  private async reseed({ name: container, data }: Remaining): Promise<void> {
    const { cluster, engine } = this.inputs;
    const docker = dockerEngine(engine);
    const holdings = await holdingsOf(docker, container);
    // A store without data and without a database has not been used yet.
    if (!data && holdings.system === undefined) return;
    console.log(
      `${cluster}: more than half of the store's members have lost their data: ${container} becomes a new store`,
    );
    const stdin = JSON.stringify(holdings.system === undefined ? {} : seedOf(holdings));
    const { code, stderr } = await execIn(docker, container, ["pgharbor-etcd-store", "reseed"], { stdin });
    if (code === 0) return;
    const problem = "the store cannot be made anew from the database";
    throw new ExplainedError({
      path: `${cluster}: etcd`,
      problem,
      value: stderr.trim(),
      fix: `see docker logs ${container}`,
    });
  }
}

type Remaining = StoreData & { name: string };

/** `undefined` is a member that does not answer: it may have data. */
export function remainingOf(found: readonly (Remaining | undefined)[]): Remaining | undefined {
  const withData = found.filter((one) => one === undefined || one.data);
  if (withData.length === 0) return found[0];
  if (withData.length > found.length / 2) return undefined;
  return withData.find((one) => one?.established);
}
