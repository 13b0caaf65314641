import type Docker from "dockerode";
import { execIn } from "./engine";

/** The status of the store that an etcd reports. */
export interface StoreStatus {
  members: { name: string; started: boolean; learner: boolean }[];
  /** The database's system identifier that Patroni stores, "" where there is none yet. */
  initialize: string;
}

/** Returns the status, or the message of a failure. */
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

/** The data of one member of the store. */
export interface StoreData {
  data: boolean;
  /** True if the data were part of a store that had a quorum. */
  established: boolean;
}

/** Returns undefined for a member that does not answer. */
export async function storeData(docker: Docker, container: string): Promise<StoreData | undefined> {
  const found = await execIn(docker, container, ["pgharbor-etcd-store", "data"]).catch(() => undefined);
  return found?.code === 0 ? (JSON.parse(found.stdout) as StoreData) : undefined;
}
