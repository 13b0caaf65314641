// Run by `npm pack` in each package: what is the same for all of them lies once in the repository.
import { copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
copyFileSync(join(root, "LICENSE"), join(process.cwd(), "LICENSE"));
