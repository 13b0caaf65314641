import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** True if a program of this name is installed. System folders count even if the user's PATH lacks them. */
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
