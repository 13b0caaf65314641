import { createHash } from "node:crypto";
import type { DeferredValues } from "../deferred-values";

/** token.key: of root's password, and not the password itself, for whoever has a token may guess at its key. */
export const renderTokenKey = (deferred: DeferredValues): string =>
  createHash("sha256").update(`pgharbor etcd token ${deferred.passwords.etcdRoot}`).digest("hex");
