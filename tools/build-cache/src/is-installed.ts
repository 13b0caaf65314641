import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Whether a program of this name can be found. System folders count even where a user's PATH leaves them out. */
export function isInstalled(program: string, path = process.env.PATH ?? ""): boolean {
  return [...path.split(delimiter), "/usr/sbin", "/sbin"].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
