import { createHash } from "node:crypto";
import type { DeferredValues } from "../deferred-values";

/** token.key: derived from root's password, because the owner of a token could guess at its key. */
export const renderTokenKey = (deferred: DeferredValues): string =>
  createHash("sha256").update(`pgharbor etcd token ${deferred.passwords.etcdRoot}`).digest("hex");
