/** The role that keeps what dropped roles left behind in one database. Its name has the oid, for names of databases change hands. */
export const heirName = (databaseOid: number): string => `pgharbor_heir_${databaseOid}`;
