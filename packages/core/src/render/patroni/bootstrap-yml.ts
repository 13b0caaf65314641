import type { ResolvedRestore } from "../../model/types";
import type { Json } from "../text/json-value";
import { toYaml } from "../text/yaml";

/** patroni/10-bootstrap.yml: the first member initialises the cluster with it. Read once; later changes go to the running cluster. */
export const renderBootstrapYml = (dynamicConfig: { [key: string]: Json }, restore?: ResolvedRestore): string =>
  toYaml({
    bootstrap: {
      dcs: dynamicConfig,
      ...(restore === undefined ? emptyDatabase : restoredDatabase(restore)),
      post_init: "pgharbor-post-init",
    },
  });

const emptyDatabase: { [key: string]: Json } = {
  initdb: [
    "data-checksums",
    { encoding: "UTF8" },
    // C.UTF-8 sorts the same on every image; a libc locale may sort differently after an upgrade, which breaks indexes.
    { locale: "C.UTF-8" },
    { "auth-host": "scram-sha-256" },
    { "auth-local": "peer" },
  ],
};

/** Patroni starts the restored files with these settings, and removes them once PostgreSQL has promoted itself. */
const restoredDatabase = (restore: ResolvedRestore): { [key: string]: Json } => ({
  method: "restore",
  restore: {
    command: ["pgharbor-restore", restore.point, restore.stanza, ...targetOptions(restore)].map(quoted).join(" "),
    no_params: true,
    recovery_conf: {
      restore_command: `pgharbor-archive-get ${restore.point} ${restore.stanza} %f "%p"`,
      recovery_target_action: "promote",
      recovery_target_timeline: "latest",
      ...recoveryTarget(restore),
    },
  },
});

function targetOptions({ target, set }: ResolvedRestore): string[] {
  const value = "value" in target ? [`--target=${target.value}`] : [];
  return [`--type=${target.type}`, ...value, ...(set === undefined ? [] : [`--set=${set}`])];
}

function recoveryTarget({ target }: ResolvedRestore): { [key: string]: Json } {
  if (!("value" in target)) return target.type === "immediate" ? { recovery_target: "immediate" } : {};
  return { [`recovery_target_${target.type}`]: target.value };
}

/** Patroni splits the command like a shell (Python's shlex). */
const quoted = (word: string): string => (/^[\w=./:-]+$/.test(word) ? word : `'${word}'`);
