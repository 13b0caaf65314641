import { createHash } from "node:crypto";
import type { Late } from "../late";

/** token.key: of root's password, and not the password itself, for whoever has a token may guess at its key. */
export const renderTokenKey = (late: Late): string =>
  createHash("sha256").update(`pgharbor etcd token ${late.passwords.etcdRoot}`).digest("hex");
