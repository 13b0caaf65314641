import { isDeepStrictEqual } from "node:util";
import { applyDatabase, dropDatabase, OnDelete, readDatabase, type DesiredDatabase } from "@pgharbor/sql";
import type { Handler } from "./handler";
import { withServer, withServerThere, type SqlAccess } from "./sql-server";

export interface PgDatabaseInputs extends SqlAccess {
  database: DesiredDatabase;
}

const comparable = ({ server, adminPassword, database }: PgDatabaseInputs) => ({ server, adminPassword, database });

export const pgDatabase: Handler<PgDatabaseInputs> = {
  async diff(_id, olds, news) {
    // Nothing but another name makes another database: what else it cannot become is refused by the server's own word, in `update`.
    const replaces = olds.database.name === news.database.name ? [] : ["database"];
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)), replaces };
  },
  async create(inputs) {
    const change = { next: inputs.database, adopt: inputs.database.adopt ?? inputs.takesOver };
    await withServer(inputs, (target) => applyDatabase(target, change));
    return { id: inputs.database.name, outs: inputs };
  },
  async update(_id, olds, news) {
    const change = { previous: olds.database, next: news.database, adopt: true };
    await withServer(news, (target) => applyDatabase(target, change));
    return { outs: news };
  },
  async read(id, props) {
    const found = await withServerThere(props, (target) => readDatabase(target, props.database));
    return found == null ? { id: "" } : { id, props: { ...props, database: found } };
  },
  async delete(_id, props) {
    const { name, onDelete = OnDelete.retain } = props.database;
    // Nothing to do must not need a server, nor a way to it.
    if (onDelete === OnDelete.retain) return;
    await withServerThere(props, (target) => dropDatabase(target, name, { onDelete }));
  },
};
