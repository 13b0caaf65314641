import { join } from "node:path";

/** The checkout: dist/ is two folders below packages/. */
export const REPO_ROOT = join(__dirname, "../../..");
