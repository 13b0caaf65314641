import type { ClusterModel } from "../../model/types";
import { SyncMode, type ClusterSpec } from "../../spec";
import { parseBytes } from "../../spec/units";
import { problemsOf, show, type Problem } from "../../errors";
import type { Read } from "../../read/read";

const electableMembers = ({ members }: ClusterModel): number => members.filter((member) => member.electable).length;

export function checkHa(spec: Read<ClusterSpec>, model: ClusterModel): Problem[] {
  const { ttl, loopWait, retryTimeout, rebuildAfter } = model.ha;
  const least = loopWait + 2 * retryTimeout;
  return problemsOf([
    {
      when: ttl < least,
      path: "haTimings",
      message:
        `ttl must be at least loopWait + 2 × retryTimeout = ${loopWait} + 2 × ${retryTimeout} = ${least}, got ${ttl}; ` +
        `else the lease ends while the primary still tries to renew it; raise ttl to ${least}`,
    },
    {
      when: rebuildAfter > 0 && rebuildAfter < LEAST_REBUILD,
      path: "haTimings.rebuildAfter",
      message: `must be at least ${LEAST_REBUILD} seconds, because a start takes a while, got ${rebuildAfter}; use 0 to disable rebuilds`,
    },
    ...syncRows(spec, model),
    ...lagRows(spec, model),
    ...dataLossRows(spec),
  ]);
}

const LEAST_REBUILD = 30;

function lagRows({ maximumLagOnFailover: lag }: Read<ClusterSpec>, { sync, waitsForReplicas }: ClusterModel) {
  if (lag === undefined) return [];
  const bytes = parseBytes(lag);
  const path = "maximumLagOnFailover";
  return [
    {
      when: !(bytes <= 1024 ** 4),
      path,
      message: `must be a size up to "1TB", for example "16MB", got ${show(lag)}`,
    },
    {
      when: waitsForReplicas,
      path,
      message:
        `has no effect with sync "${sync}", got ${show(lag)}: only replicas with every acknowledged commit ` +
        `are elected, however far they lag otherwise; leave it out, or set sync "off"`,
    },
  ];
}

const dataLossRows = ({ acceptDataLoss }: Read<ClusterSpec>) => [
  {
    when: acceptDataLoss !== undefined && !/^[1-9]\d{0,19}$/.test(acceptDataLoss),
    path: "acceptDataLoss",
    message: `must be a system identifier (digits only), got ${show(acceptDataLoss)}; the refused \`up\` shows it`,
  },
];

function syncRows(spec: Read<ClusterSpec>, model: ClusterModel) {
  const { sync, syncReplicas: wanted } = model;
  const replicas = electableMembers(model) - 1;
  const waits = sync !== SyncMode.Off;
  const field = spec.syncReplicas === undefined ? "sync" : "syncReplicas";
  return [
    {
      when: !waits && wanted > 0 && spec.syncReplicas !== undefined,
      path: "syncReplicas",
      message: `has no effect with sync "off", got ${wanted}; set sync "quorum" or leave it out`,
    },
    {
      when: waits && wanted === 0,
      path: "syncReplicas",
      message: `must be at least 1 with sync "${sync}", got 0; set sync "off" to wait for none`,
    },
    {
      when: waits && wanted > 0 && replicas >= 1 && wanted > replicas,
      path: field,
      message: `must be below the number of members that may become primary, ${replicas + 1}, got ${wanted}; use at most ${replicas}`,
    },
    {
      when: waits && wanted > 0 && replicas < 1,
      path: field,
      message: `sync "${sync}" needs a replica that may become primary, and there is none; add a member or set sync "off"`,
    },
  ];
}

/** Settings that work, but not as expected. */
export function haWarnings(model: ClusterModel): string[] {
  const electable = electableMembers(model);
  const wanted = model.syncReplicas;
  const strict = model.sync === SyncMode.Strict;
  const only = electable === 1 && model.members.length > 1;
  return [
    ...(strict && electable - 1 === wanted
      ? [
          `sync: "strict" with ${electable} members that may become primary and ${wanted} to wait for stops all writes ` +
            'while any one of them is down; add a member, or use "quorum"',
        ]
      : []),
    ...(only ? ["memberSettings: only one member may become primary, so there is no failover when it is lost"] : []),
  ];
}
