import { isDeepStrictEqual } from "node:util";
import { applyDatabase, dropDatabase, OnDelete, readDatabase, type DesiredDatabase } from "@pgharbor/sql";
import type { Handler } from "../provider/handler";
import { keepPartial } from "./keep-partial";
import { readOnServer, withServer, withServerUnlessGone, type SqlAccess } from "./sql-server";
import { isOtherAccess } from "./connection";

export interface PgDatabaseInputs extends SqlAccess {
  database: DesiredDatabase;
}

const comparable = ({ declaration, database }: PgDatabaseInputs) => ({
  declaration,
  database,
});

export const pgDatabase: Handler<PgDatabaseInputs> = {
  async diff(_id, olds, news) {
    // Only another name replaces a database. The server refuses other impossible changes in `update`.
    const replaces = olds.database.name === news.database.name ? [] : ["database"];
    return {
      changes: isOtherAccess(olds, news) || !isDeepStrictEqual(comparable(olds), comparable(news)),
      replaces,
    };
  },
  async create(inputs) {
    const { database, declaration, adoptsExisting } = inputs;
    const created = { id: database.name, outs: inputs };
    const change = { next: database, adopt: database.adopt ?? adoptsExisting, declaration };
    await keepPartial(created, () => withServer(inputs, (target) => applyDatabase(target, change)));
    return created;
  },
  async update(_id, olds, news) {
    const { database: next, declaration } = news;
    const change = { previous: olds.database, next, declaration, formerDeclaration: olds.declaration };
    await withServer(news, (target) => applyDatabase(target, change));
    return { outs: news };
  },
  read: (id, props) =>
    readOnServer(id, props, async (target) => {
      const database = await readDatabase(target, props.database);
      return database === null ? undefined : { ...props, database };
    }),
  async delete(_id, props) {
    const { name, onDelete = OnDelete.retain } = props.database;
    // A retained database needs no server and no connection.
    if (onDelete === OnDelete.retain) return;
    const { declaration } = props;
    await withServerUnlessGone(props, (target) => dropDatabase(target, name, { onDelete, declaration }));
  },
};
