import { ExplainedError } from "@pgharbor/core";

/** A database that is known, and that nothing holds any more. */
export interface LostDatabase {
  /** System identifier. */
  known: string;
  /** Of the error. */
  path: string;
  /** Completes "its database is lost: …". */
  because: string;
  /** What would bring it back, before "under its name". */
  copy: string;
}

/** Throws unless the program gives this very database up; then says what that means. */
export function requireGivenUp({ known, path, because, copy }: LostDatabase, acceptDataLoss?: string): void {
  if (known !== acceptDataLoss)
    throw new ExplainedError({
      path,
      problem: `its database is lost: ${because}`,
      value: `system identifier ${known}`,
      fix:
        `bring ${copy} back under its name, and run \`pulumi up --refresh\`; ` +
        `or, to begin with an empty database, set acceptDataLoss: "${known}"`,
    });
  console.log(
    `warning: the database ${known} is given up: an empty one takes its place; users and databases come with the next \`pulumi up --refresh\``,
  );
}
