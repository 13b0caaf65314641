import { isDeepStrictEqual } from "node:util";
import { applyAccess, immutableChanges, readAccess, type AccessDocument } from "@pgharbor/sql";
import { ExplainedError } from "@pgharbor/sql";
import type { Handler } from "./handler";
import { sqlTarget, type SqlServer } from "./sql-server";

export interface PgAccessInputs {
  server: SqlServer;
  adminPassword: string;
  /** Without passwords. */
  document: AccessDocument;
  /** By user name. */
  passwords: Record<string, string>;
}

const comparable = ({ server, adminPassword, document, passwords }: PgAccessInputs) => ({
  server,
  adminPassword,
  document,
  passwords,
});

/** The document with its passwords in place. */
export function withPasswords({ document, passwords }: PgAccessInputs): AccessDocument {
  const users = Object.entries(document.users ?? {}).map(([name, user]) => {
    const password = passwords[name];
    return [name, password === undefined ? user : { ...user, password }] as const;
  });
  return { ...document, users: Object.fromEntries(users) };
}

export const pgAccess: Handler<PgAccessInputs> = {
  // eslint-disable-next-line @typescript-eslint/require-await
  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)) };
  },
  async create(inputs) {
    await applyAccess(sqlTarget(inputs.server, inputs.adminPassword), undefined, withPasswords(inputs));
    return { id: inputs.server.target, outs: inputs };
  },
  async update(_id, olds, news) {
    const immutable = immutableChanges(olds.document, news.document);
    if (immutable.length > 0) {
      throw new ExplainedError(
        immutable.map((c) => ({
          path: c.field,
          problem: `cannot be changed from ${c.from}: ${c.reason}`,
          value: c.to,
          fix: "give the new database a name of its own",
        })),
      );
    }
    await applyAccess(sqlTarget(news.server, news.adminPassword), withPasswords(olds), withPasswords(news));
    return { outs: news };
  },
  async read(id, props) {
    const found = await readAccess(sqlTarget(props.server, props.adminPassword), withPasswords(props));
    const users = Object.entries(found.users ?? {});
    const passwords = users.flatMap(([name, u]) => (u.password === undefined ? [] : [[name, u.password] as const]));
    const bare = users.map(([name, { password: _password, ...user }]) => [name, user] as const);
    return {
      id,
      props: {
        ...props,
        document: { ...found, users: Object.fromEntries(bare) },
        passwords: Object.fromEntries(passwords),
      },
    };
  },
  async delete(_id, props) {
    await applyAccess(sqlTarget(props.server, props.adminPassword), withPasswords(props), {});
  },
};
