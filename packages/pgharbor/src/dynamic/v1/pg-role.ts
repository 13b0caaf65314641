import { isDeepStrictEqual } from "node:util";
import { applyRole, dropRole, readRole, type DesiredRole } from "@pgharbor/sql";
import type { Handler } from "./handler";
import { sqlTarget, type SqlServer } from "./sql-server";

export interface PgRoleInputs {
  server: SqlServer;
  adminPassword: string;
  /** All but the password. */
  role: Omit<DesiredRole, "password">;
  password: string;
}

const desired = ({ role, password }: PgRoleInputs): DesiredRole => ({ ...role, password });
const comparable = ({ server, adminPassword, role, password }: PgRoleInputs) => ({
  server,
  adminPassword,
  role,
  password,
});

export const pgRole: Handler<PgRoleInputs> = {
  async diff(_id, olds, news) {
    const replaces = olds.role.name === news.role.name ? [] : ["role"];
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)), replaces };
  },
  async create(inputs) {
    await applyRole(sqlTarget(inputs.server, inputs.adminPassword), {
      next: desired(inputs),
      adopt: inputs.role.adopt,
    });
    return { id: inputs.role.name, outs: inputs };
  },
  async update(_id, olds, news) {
    const target = sqlTarget(news.server, news.adminPassword);
    await applyRole(target, { previous: desired(olds), next: desired(news), adopt: true });
    return { outs: news };
  },
  async read(id, props) {
    const found = await readRole(sqlTarget(props.server, props.adminPassword), desired(props));
    if (found === null) return { id: "" };
    const { password: kept = "", ...role } = found.role;
    return { id, props: { ...props, role, password: kept } };
  },
  async delete(_id, props) {
    await dropRole(sqlTarget(props.server, props.adminPassword), props.role.name);
  },
};
