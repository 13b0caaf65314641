import { labelKeys, labels, names, paths } from "../names";
import { renderBootstrapYml } from "../render/patroni/bootstrap-yml";
import { renderHooksJson } from "../render/patroni/hooks-json";
import { memberFiles, renderPatroniYml } from "../render/patroni/patroni-yml";
import { renderPgHba } from "../render/postgres/pg-hba";
import { renderPostInitSql } from "../render/postgres/post-init-sql";
import { renderSystemRolesSql } from "../render/postgres/system-roles-sql";
import { comingBackupFiles, memberBackupFiles } from "./backup-plan";
import { authoritiesFile, caFile, certificateFiles, passwordFile, plainFile, secretFile } from "./files-plan";
import { owners } from "./owners";
import { memberTlsNames } from "./tls-names";
import type { ClusterModel, ResolvedMember, ResolvedResources } from "../model/types";
import type { ClusterPlan, MemberUnit, PlannedContainer } from "./types";

export function planMembers(model: ClusterModel, dynamicConfig: ClusterPlan["dynamicConfig"]): MemberUnit[] {
  return model.members.map((member) => {
    const patroni = patroniContainer(model, member, dynamicConfig);
    return { name: patroni.name, host: member.host, member, patroni, containers: [patroni] };
  });
}

function patroniContainer(
  model: ClusterModel,
  member: ResolvedMember,
  dynamicConfig: ClusterPlan["dynamicConfig"],
): PlannedContainer {
  return {
    name: names.member(model.name, member.name),
    program: "patroni",
    image: "postgres",
    tlsNames: memberTlsNames(model),
    identity: { authority: "members", role: "client" },
    backups: model.backups !== undefined || model.restore !== undefined,
    networks: [
      { network: "members", aliases: [] },
      { network: "store", aliases: [] },
    ],
    ...owners.patroni,
    files: [
      secretFile("patroni/00-member.yml", (deferred) =>
        renderPatroniYml(model, member, deferred, localHba(model, member)),
      ),
      plainFile("patroni/10-bootstrap.yml", () => renderBootstrapYml(dynamicConfig, model.restore), true),
      secretFile("post-init.sql", renderPostInitSql, true),
      // Retained claims and backups have old passwords; Docker's volumes are deleted with their cluster.
      ...(model.platform === "kubernetes" || model.restore !== undefined
        ? [secretFile("system-roles.sql", renderSystemRolesSql)]
        : []),
      plainFile("hooks.json", () => renderHooksJson(model)),
      passwordFile("admin.password", "poolerConsole"),
      passwordFile("check.password", "check"),
      caFile(),
      ...certificateFiles(names.member(model.name, member.name)),
      ...certificateFiles(names.identity(names.member(model.name, member.name)), memberFiles.identity),
      authoritiesFile(memberFiles.restClients, "members", "checks"),
      ...memberBackupFiles(model, names.member(model.name, member.name)),
      ...(model.platform === "docker" ? [authoritiesFile(memberFiles.store, "store")] : []),
    ],
    optionalFiles: comingBackupFiles,
    volumes: [{ volume: names.memberVolume(model.name, member.name), path: paths.data, data: true }],
    ports: [],
    labels: { ...labels(model.name, "member", model.labels), [labelKeys.member]: member.name },
    ...limits(model.resources),
    // Long enough for the switchover, or the hooks' pause and a clean stop, whose checkpoint may take minutes. A quick stop does not wait.
    stopTimeout: model.drainTimeout + 600,
  };
}

/** Lines for a member whose rules differ from the others'. Shared lines are in the dynamic configuration. */
function localHba(model: ClusterModel, member: ResolvedMember): string[] | undefined {
  return model.hba.some((rule) => rule.role === member.role) ? renderPgHba(model, member.role) : undefined;
}

/** Limits are set only if the program gives them: a default must not slow down a laptop. */
function limits({ memory, cpu }: ResolvedResources): Pick<PlannedContainer, "memory" | "cpus" | "shmSize"> {
  return {
    memory,
    cpus: cpu,
    // Parallel queries share memory through /dev/shm, for which Docker's 64 MB is too little.
    shmSize: Math.floor((memory ?? 1024 ** 3) / 4),
  };
}
