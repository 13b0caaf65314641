import { labelKeys, labels, names, paths } from "../names";
import { renderBootstrapYml } from "../render/patroni/bootstrap-yml";
import { renderHooksJson } from "../render/patroni/hooks-json";
import { memberFiles, renderPatroniYml } from "../render/patroni/patroni-yml";
import { renderPgHba } from "../render/postgres/pg-hba";
import { renderPostInitSql } from "../render/postgres/post-init-sql";
import { renderSystemRolesSql } from "../render/postgres/system-roles-sql";
import type { ClusterSpec } from "../spec";
import { parseBytes } from "../spec/units";
import { authoritiesFile, caFile, certificateFiles, passwordFile, plainFile, secretFile } from "./files-plan";
import { owners } from "./owners";
import type { ClusterFacts, ClusterPlan, PlannedContainer, PlannedMember } from "./types";

/** One container a member: Patroni, and PostgreSQL under it. */
export function planMemberContainers(
  facts: ClusterFacts,
  spec: ClusterSpec,
  dynamicConfig: ClusterPlan["dynamicConfig"],
): PlannedContainer[] {
  return facts.members.map((member) => ({
    name: names.member(facts.name, member.name),
    program: "patroni",
    image: "postgres",
    host: member.host,
    networks: [
      { network: "members", aliases: [] },
      { network: "store", aliases: [] },
    ],
    ...owners.patroni,
    files: [
      secretFile("patroni/00-member.yml", (late) => renderPatroniYml(facts, member, late, localHba(facts, member))),
      plainFile("patroni/10-bootstrap.yml", () => renderBootstrapYml(dynamicConfig), true),
      secretFile("post-init.sql", renderPostInitSql, true),
      // Claims may be kept and found again; Docker's volumes go with their cluster.
      ...(facts.platform === "kubernetes" ? [secretFile("system-roles.sql", renderSystemRolesSql)] : []),
      plainFile("hooks.json", () => renderHooksJson(facts)),
      passwordFile("admin.password", "poolerConsole"),
      passwordFile("check.password", "check"),
      caFile(),
      ...certificateFiles(names.member(facts.name, member.name)),
      ...certificateFiles(names.identity(names.member(facts.name, member.name)), memberFiles.identity),
      authoritiesFile(memberFiles.restClients, "members", "checks"),
      ...(facts.platform === "docker" ? [authoritiesFile(memberFiles.store, "store")] : []),
    ],
    volumes: [{ volume: names.memberVolume(facts.name, member.name), path: paths.data, data: true }],
    ports: [],
    labels: { ...labels(facts.name, "member", facts.labels), [labelKeys.member]: member.name },
    ...limits(spec),
    // The hand-over, or the hooks' pause and a clean stop: a checkpoint before it may take minutes. A quick stop costs nothing.
    stopTimeout: facts.drainTimeout + 600,
  }));
}

/** Lines of a member whose rules differ from the others'; the shared ones are in the dynamic configuration. */
function localHba(facts: ClusterFacts, member: PlannedMember): string[] | undefined {
  return facts.hba.some((rule) => rule.role === member.role) ? renderPgHba(facts, member.role) : undefined;
}

/** Limits only where the person gave figures: a default must not slow down a laptop. */
function limits(spec: ClusterSpec): Pick<PlannedContainer, "memory" | "cpus" | "shmSize"> {
  const memory = spec.resources?.memory === undefined ? undefined : parseBytes(spec.resources.memory);
  return {
    memory,
    cpus: spec.resources?.cpu,
    // Parallel queries share memory through /dev/shm; Docker's 64 MB is too little for them.
    shmSize: Math.floor((memory ?? 1024 ** 3) / 4),
  };
}
