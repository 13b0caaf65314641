import { ExplainedError } from "@pgharbor/core";

/** A known database that no volume holds any more. */
export interface LostDatabase {
  /** The system identifier. */
  known: string;
  /** The path of the error. */
  path: string;
  /** Completes "its database is lost: …". */
  because: string;
  /** Names the object that would restore the database, before "under its name". */
  copy: string;
}

/** Throws unless the program gives up this database. Then warns about the consequences. */
export function assertGivenUp({ known, path, because, copy }: LostDatabase, acceptDataLoss?: string): void {
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
    `warning: the database ${known} is lost: an empty one replaces it; the next \`pulumi up --refresh\` creates users and databases`,
  );
}
