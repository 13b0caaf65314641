import * as path from "node:path";
import { withFolderLock } from "@pgharbor/build-cache";

const FOLDER = path.resolve(__dirname, "../../.build/default-ports");

/**
 * Only one cluster at a time may use the default ports or the name of an example, because the files of a layer run in
 * parallel. Waits until they are free.
 * @returns a function that releases them
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
