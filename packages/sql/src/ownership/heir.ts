export const HEIR = "pgharbor_heir_";

/** The role that keeps what dropped roles left behind in one database. Its name has the oid, for names of databases change hands. */
export const heirName = (databaseOid: number): string => `${HEIR}${databaseOid}`;
