import {
  PgAccess,
  PgDatabase,
  PgUser,
  PostgresCluster,
  PublishMode,
  roleTemplates,
  templatePrivileges,
} from "pgharbor";

const cluster = new PostgresCluster("team", { docker: { publish: PublishMode.Auto }, deletionProtection: false });
const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
new PgDatabase("app", { target: cluster, owner: owner.username, schemas: [{ name: "sales" }] });

// One resource, however many people: a preview shows the names that change.
const people = ["ada", "grace", "edsger"];
const access = new PgAccess("people", {
  target: cluster,
  users: {
    ...roleTemplates(),
    ...Object.fromEntries(people.map((name) => [name, { roles: [{ name: "dbrole_readonly" }], connlimit: 5 }])),
  },
  ...templatePrivileges("app", ["app_owner"], ["public", "sales"]),
});

export const passwords = access.passwords; // secret, by name
