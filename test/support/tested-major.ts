/** The PostgreSQL of clusters whose test does not name one: `TEST_POSTGRES=15 npm test -- docker` for another. */
export const TESTED_MAJOR = process.env.TEST_POSTGRES ?? "17";
