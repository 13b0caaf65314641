import type Docker from "dockerode";
import { execIn } from "../../clients/docker/engine";

/** What an etcd says of the store. */
export interface StoreStatus {
  members: { name: string; started: boolean; learner: boolean }[];
  /** The system identifier of the database that Patroni keeps there; "" where there is none yet. */
  initialize: string;
}

/** Its status; or why there is none, in its own words. */
export async function storeStatus(docker: Docker, container: string): Promise<StoreStatus | string> {
  try {
    const { code, stdout, stderr } = await execIn(docker, container, ["pgharbor-etcd-store", "status"]);
    if (code === 0) return JSON.parse(stdout) as StoreStatus;
    const last = stderr.trim().split("\n").at(-1) ?? "";
    return last.replace(/^pgharbor: /, "");
  } catch (error) {
    return (error as Error).message;
  }
}
