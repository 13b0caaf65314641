import { isDeepStrictEqual } from "node:util";
import {
  applyDatabase,
  dropDatabase,
  immutableDatabaseChanges,
  OnDelete,
  readDatabase,
  type DesiredDatabase,
} from "@pgharbor/sql";
import type { Handler } from "./handler";
import { sqlTarget, type SqlServer } from "./sql-server";

export interface PgDatabaseInputs {
  server: SqlServer;
  adminPassword: string;
  database: DesiredDatabase;
}

const comparable = ({ server, adminPassword, database }: PgDatabaseInputs) => ({ server, adminPassword, database });

export const pgDatabase: Handler<PgDatabaseInputs> = {
  async diff(_id, olds, news) {
    const replaces = immutableDatabaseChanges(olds.database, news.database).length > 0 ? ["database"] : [];
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)), replaces, deleteBeforeReplace: true };
  },
  async create(inputs) {
    const target = sqlTarget(inputs.server, inputs.adminPassword);
    await applyDatabase(target, { next: inputs.database, adopt: inputs.database.adopt });
    return { id: inputs.database.name, outs: inputs };
  },
  async update(_id, olds, news) {
    const target = sqlTarget(news.server, news.adminPassword);
    await applyDatabase(target, { previous: olds.database, next: news.database, adopt: true });
    return { outs: news };
  },
  async read(id, props) {
    const found = await readDatabase(sqlTarget(props.server, props.adminPassword), props.database);
    return found === null ? { id: "" } : { id, props: { ...props, database: found } };
  },
  async delete(_id, props) {
    const { name, onDelete = OnDelete.retain } = props.database;
    await dropDatabase(sqlTarget(props.server, props.adminPassword), name, { onDelete });
  },
};
