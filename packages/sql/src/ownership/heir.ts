export const HEIR = "pgharbor_heir_";

/** The role that owns objects of dropped roles in one database. Its name contains the oid because database names are reused. */
export const heirName = (databaseOid: number): string => `${HEIR}${databaseOid}`;
