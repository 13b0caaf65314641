import type { ClusterModel, PlatformName } from "../../model/types";
import { MemberRole, type ClusterSpec, type MemberSettings } from "../../spec";
import { parseDuration } from "../../spec/units";
import { problemsOf, show, under, type Problem } from "../../errors";
import { hasControl } from "../shared/patterns";
import { platformOf } from "./platform";
import type { Read } from "../../read/read";

/** Maximum of recovery_min_apply_delay: 31 bits of milliseconds. */
const LONGEST_DELAY = 2 ** 31 - 1;
/** Tags with an effect in Patroni, which pgharbor derives from the role. */
const patroniTags = [
  "nofailover",
  "noloadbalance",
  "nosync",
  "nostream",
  "clonefrom",
  "replicatefrom",
  "failover_priority",
  "sync_priority",
];

export function checkMembers(spec: Read<ClusterSpec>, { members }: ClusterModel): Problem[] {
  const names = members.map(({ name }) => name);
  const settings = Object.entries(spec.memberSettings ?? {});
  const unknown = settings.filter(([name]) => !names.includes(name));
  const known = settings.flatMap(([name, own]) => (own !== undefined && names.includes(name) ? [{ name, own }] : []));
  const withRole = (role: MemberRole) => known.filter((m) => m.own.role === role).map((m) => m.name);
  const primaries = withRole(MemberRole.Primary);
  const never = [...withRole(MemberRole.Offline), ...withRole(MemberRole.Delayed)];
  const range = names.length === 1 ? "m1" : `m1 to m${names.length}`;
  return [
    ...unknown.map(([name]) => ({
      path: under("memberSettings", name),
      message: `is not a member; members are ${range}; raise members or rename the key`,
    })),
    ...primaries.slice(1).map((name) => ({
      path: `memberSettings.${name}.role`,
      message: `only one member may be preferred as primary, and ${primaries[0]} is; leave it out here`,
    })),
    ...problemsOf([
      {
        when: never.length === names.length,
        path: "memberSettings",
        message: `no member may become primary: ${never.join(", ")} are offline or delayed; leave one as replica, or raise members`,
      },
    ]),
    ...known.flatMap(({ name, own }) => [
      ...checkMember(`memberSettings.${name}`, own),
      ...checkHost(`memberSettings.${name}.host`, own.host, platformOf(spec)),
    ]),
  ];
}

function checkMember(at: string, own: Read<MemberSettings>): Problem[] {
  const delayed = own.role === MemberRole.Delayed;
  const delay = own.applyDelay;
  const milliseconds = delay === undefined ? 1 : parseDuration(delay);
  return [
    ...problemsOf([
      {
        when: delayed && delay === undefined,
        path: `${at}.applyDelay`,
        message: 'is missing: a delayed member needs the time it lags, for example "1h"',
      },
      {
        when: !delayed && delay !== undefined,
        path: `${at}.applyDelay`,
        message: `is only for the role delayed, got role ${show(own.role ?? MemberRole.Replica)}; set role "delayed" or leave it out`,
      },
      {
        when: delayed && !(milliseconds >= 1 && milliseconds <= LONGEST_DELAY),
        path: `${at}.applyDelay`,
        message: `must be a time above 0 and at most 24d, with its unit ms, s, min, h or d, got ${show(delay)}`,
      },
      {
        when: delayed && own.offlineQuery === true,
        path: `${at}.offlineQuery`,
        message: "a delayed member shows old data and takes no queries of the offline service; leave it out",
      },
    ]),
    ...Object.entries(own.tags ?? {}).flatMap(([tag, value]) => checkTag(under(`${at}.tags`, tag), tag, value)),
  ];
}

function checkHost(path: string, host = "local", platform?: PlatformName): Problem[] {
  if (host === "local") return [];
  const onKubernetes = `has no effect on Kubernetes, got ${show(host)}; choose nodes with kubernetes.scheduling.nodeSelector`;
  const onDocker = `is not a known host, got ${show(host)}; the only one is "local"`;
  return [{ path, message: platform === "kubernetes" ? onKubernetes : onDocker }];
}

const checkTag = (path: string, tag: string, value: string | undefined): Problem[] =>
  problemsOf([
    {
      when: patroniTags.includes(tag),
      path,
      message: "is set by the member's role; choose the role instead",
    },
    {
      when: !/^[a-z_][a-z0-9_]{0,62}$/.test(tag),
      path,
      message: "must be named with lower-case letters, digits and _, a letter first, at most 63",
    },
    {
      when: value !== undefined && (hasControl(value) || value.length > 255),
      path,
      message: `must be one line of at most 255 characters, got ${show(value)}`,
    },
  ]);
