import { isDeepStrictEqual } from "node:util";
import { applyRole, dropRole, readRole, type DesiredRole } from "@pgharbor/sql";
import type { Handler } from "../provider/handler";
import { keepPartial } from "./keep-partial";
import { readOnServer, withServer, withServerUnlessGone, type SqlAccess } from "./sql-server";
import { isOtherAccess } from "./connection";

export interface PgRoleInputs extends SqlAccess {
  /** The role without its password. */
  role: Omit<DesiredRole, "password">;
  /** Absent: an adopted role keeps its password. */
  password?: string;
  /** Days until the password expires. */
  expireIn?: number;
}

export interface PgRoleOutputs extends PgRoleInputs {
  /** The date computed from `expireIn`, "2027-01-31". */
  expiresAt?: string;
}

const DAY = 86_400_000;

/** Computes the date only once. Otherwise a preview on another day would show a change that no one made. */
export function withExpiry(news: PgRoleInputs, olds: PgRoleOutputs | undefined, now: Date): PgRoleOutputs {
  if (news.expireIn === undefined) return { ...news };
  const kept = olds?.expireIn === news.expireIn ? olds.expiresAt : undefined;
  return { ...news, expiresAt: kept ?? new Date(now.getTime() + news.expireIn * DAY).toISOString().slice(0, 10) };
}

const desired = ({ role, password, expiresAt }: PgRoleOutputs): DesiredRole => ({
  ...role,
  ...(expiresAt === undefined ? {} : { validUntil: expiresAt }),
  ...(password === undefined ? {} : { password }),
});
const comparable = ({ declaration, role, password, expireIn }: PgRoleInputs) => ({
  declaration,
  role,
  password,
  expireIn,
});

/** Leaves out the computed date. Any other date stays and differs from the program, which declares none. */
export function withoutExpiry(role: PgRoleInputs["role"], expiresAt: string | undefined): PgRoleInputs["role"] {
  const { validUntil, ...rest } = role;
  return expiresAt === undefined || validUntil !== expiresAt ? role : rest;
}

export const pgRole: Handler<PgRoleInputs, PgRoleOutputs> = {
  async diff(_id, olds, news) {
    const replaces = olds.role.name === news.role.name ? [] : ["role"];
    return {
      changes: isOtherAccess(olds, news) || !isDeepStrictEqual(comparable(olds), comparable(news)),
      replaces,
    };
  },
  async create(inputs) {
    const outs = withExpiry(inputs, undefined, new Date());
    const id = inputs.role.name;
    const { declaration, adoptsExisting } = inputs;
    const change = { next: desired(outs), adopt: inputs.role.adopt ?? adoptsExisting, declaration };
    await keepPartial({ id, outs }, () => withServer(inputs, (target) => applyRole(target, change)));
    return { id, outs };
  },
  async update(_id, olds, news) {
    const outs = withExpiry(news, olds, new Date());
    const { declaration } = news;
    const change = { previous: desired(olds), next: desired(outs), declaration, formerDeclaration: olds.declaration };
    await withServer(news, (target) => applyRole(target, change));
    return { outs };
  },
  read: (id, props) =>
    readOnServer(id, props, async (target) => {
      const found = await readRole(target, desired(props));
      if (found === null) return undefined;
      const { password: kept = "", ...role } = found.role;
      const password = props.password === undefined ? {} : { password: kept };
      return { ...props, role: withoutExpiry(role, props.expiresAt), ...password };
    }),
  async delete(_id, props) {
    const { declaration, role } = props;
    await withServerUnlessGone(props, (target) =>
      dropRole(target, role.name, { declaration, onDelete: role.onDelete }),
    );
  },
};
