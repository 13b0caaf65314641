import type Docker from "dockerode";
import type { ImageInspectInfo } from "dockerode";
import { isMissing, reasonOf, type EngineConnection } from "./connection";

/** The image as the engine has it; `undefined` when it has none of that name. */
export async function localImage(engine: Docker, name: string): Promise<ImageInspectInfo | undefined> {
  try {
    return await engine.getImage(name).inspect();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Error(`looking for the image ${name}: ${reasonOf(error)}`);
  }
}

/** The local image, or else the one that its registry has. */
export async function ensureImage(
  connection: EngineConnection,
  name: string,
  platform?: string,
): Promise<ImageInspectInfo> {
  const engine = await connection.engine();
  const found = await localImage(engine, name);
  if (found) return found;
  try {
    const stream = await engine.pull(name, { platform, authconfig: connection.credentialsFor(name) });
    await new Promise<void>((resolve, reject) => {
      engine.modem.followProgress(stream, (error: Error | null) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    throw new Error(`the image ${name} is not on this engine, and pulling it failed: ${reasonOf(error)}`);
  }
  const pulled = await localImage(engine, name);
  if (!pulled) throw new Error(`the image ${name} was pulled, yet the engine does not have it`);
  return pulled;
}
