import { ExplainedError } from "@pgharbor/core";
import { dockerEngine, statusCode } from "./engine";

/** Throws where a volume of another cluster is missing: Docker would create an empty one. */
export async function assertVolumeExists(engine: string, volume: string): Promise<void> {
  try {
    await dockerEngine(engine).getVolume(volume).inspect();
  } catch (error) {
    if (statusCode(error) !== 404) throw error;
    throw new ExplainedError({
      path: "restore",
      problem: `there is no volume ${volume} with backups on this engine`,
      value: JSON.stringify(volume),
      fix: "correct the names of the cluster and of its repository; `docker volume ls` lists all volumes",
    });
  }
}
