import { join } from "node:path";

/** The checkout, from `src` and from `dist` alike. */
export const REPO_ROOT = join(__dirname, "../../..");
