import { isDeepStrictEqual } from "node:util";
import { applyAccess, readAccess, type AccessDocument } from "@pgharbor/sql";
import type { Handler } from "../provider/handler";
import { keepPartial } from "./keep-partial";
import { readOnServer, withServer, withServerUnlessGone, type SqlAccess } from "./sql-server";
import { isOtherAccess } from "./connection";

export interface PgAccessInputs extends SqlAccess {
  /** The document without passwords. */
  document: AccessDocument;
  /** Passwords by user name. */
  passwords: Record<string, string>;
}

const comparable = ({ declaration, document, passwords }: PgAccessInputs) => ({
  declaration,
  document,
  passwords,
});

/** Returns the document with the users' passwords. */
export function withPasswords({ document, passwords }: PgAccessInputs): AccessDocument {
  const users = Object.entries(document.users ?? {}).map(([name, user]) => {
    const password = passwords[name];
    return [name, password === undefined ? user : { ...user, password }] as const;
  });
  return { ...document, users: Object.fromEntries(users) };
}

/** Separates the passwords from the document, because only passwords are secret. */
function withoutPasswords(document: AccessDocument): Pick<PgAccessInputs, "document" | "passwords"> {
  const users: AccessDocument["users"] = {};
  const passwords: Record<string, string> = {};
  for (const [name, { password, ...user }] of Object.entries(document.users ?? {})) {
    users[name] = user;
    if (password !== undefined) passwords[name] = password;
  }
  return { document: { ...document, users }, passwords };
}

export const pgAccess: Handler<PgAccessInputs> = {
  async diff(_id, olds, news) {
    return {
      changes: isOtherAccess(olds, news) || !isDeepStrictEqual(comparable(olds), comparable(news)),
    };
  },
  async create(inputs) {
    const created = { id: inputs.server.target, outs: inputs };
    const options = { adopt: inputs.adoptsExisting, declaration: inputs.declaration };
    await keepPartial(created, () =>
      withServer(inputs, (target) => applyAccess(target, undefined, withPasswords(inputs), options)),
    );
    return created;
  },
  async update(_id, olds, news) {
    const options = { declaration: news.declaration, formerDeclaration: olds.declaration };
    await withServer(news, (target) => applyAccess(target, withPasswords(olds), withPasswords(news), options));
    return { outs: news };
  },
  read: (id, props) =>
    readOnServer(id, props, async (target) => {
      const { document } = await readAccess(target, withPasswords(props));
      return { ...props, ...withoutPasswords(document) };
    }),
  async delete(_id, props) {
    const { declaration } = props;
    await withServerUnlessGone(props, (target) => applyAccess(target, withPasswords(props), {}, { declaration }));
  },
};
