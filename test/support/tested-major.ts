/**
 * The PostgreSQL major of clusters for which the test names none: `TEST_POSTGRES=15 npm test -- docker` for another.
 */
export const TESTED_MAJOR = process.env.TEST_POSTGRES ?? "17";
