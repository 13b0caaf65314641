import { search } from "jmespath";
import type { ResolvedMember, ResolvedServer, ServingRole } from "./types";
import { MemberRole } from "../spec";

/** Fields of a member in a selector. The names are Pigsty's, so that its selectors work unchanged. */
export interface SelectorRow {
  name: string;
  pg_role: string;
  pg_offline_query: boolean;
  host: string;
  tags: Record<string, string>;
}

/**
 * An electable member has two rows, as primary and as replica. Its role is known only while the cluster runs, so the selector's result
 * becomes part of the health check.
 */
export function selectorRows(members: ResolvedMember[]): { member: ResolvedMember; row: SelectorRow }[] {
  return members.flatMap((member) => {
    const roles = member.electable ? [MemberRole.Primary, MemberRole.Replica] : [member.role];
    return roles.map((pg_role) => ({
      member,
      row: { name: member.name, pg_role, pg_offline_query: member.offlineQuery, host: member.host, tags: member.tags },
    }));
  });
}

/** The servers of a service. A member whose role is selected by both selectors is a backup in that role. */
export function selectServers(members: ResolvedMember[], selector: string, selectorBackup?: string): ResolvedServer[] {
  const rows = selectorRows(members);
  const all = rows.map((r) => r.row);
  const backups = new Set<unknown>(selectorBackup === undefined ? [] : (search(all, selectorBackup) as unknown[]));
  const regular = new Set<unknown>((search(all, selector) as unknown[]).filter((row) => !backups.has(row)));
  const serversOf = (picked: Set<unknown>, backup: boolean) =>
    members.flatMap((member): ResolvedServer[] => {
      const held = rows.filter((r) => r.member === member && picked.has(r.row)).map((r) => r.row.pg_role);
      return held.length === 0 ? [] : [{ member, backup, whileRole: servingRole(member, held) }];
    });
  return [...serversOf(regular, false), ...serversOf(backups, true)];
}

function servingRole(member: ResolvedMember, held: string[]): ServingRole {
  if (!member.electable || held.length === 2) return "any";
  return held[0] === MemberRole.Primary ? "primary" : "replica";
}
