import * as path from "node:path";
import { withFolderLock } from "@pgharbor/build-cache";

const FOLDER = path.resolve(__dirname, "../../.build/default-ports");

/**
 * Clusters with the default ports, or with the name of an example, are there one at a time: files of a layer run beside each other. Waits
 * for its turn.
 * @returns what ends the turn
 */
export async function holdDefaultPorts(): Promise<() => Promise<void>> {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  let whole: Promise<void> | undefined;
  await new Promise<void>((resolve, reject) => {
    whole = withFolderLock(
      FOLDER,
      (line) => process.stderr.write(`default ports: ${line}\n`),
      () => {
        resolve();
        return ended;
      },
    );
    whole.catch(reject);
  });
  return async () => {
    end();
    await whole;
  };
}
