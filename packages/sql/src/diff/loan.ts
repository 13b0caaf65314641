import { ident } from "../quote";
import { type Statement, statement } from "../statement";

/** A schema whose owner lends a privilege on it. */
export interface Loan {
  schema: string;
  by: string;
  /** Roles whose rights the admin needs to act for that owner. */
  needs: readonly string[];
  /** True if the borrower becomes the schema's owner meanwhile, who keeps what owners have. */
  isInherited?: boolean;
}

/** Statements for which a role needs a privilege on schemas. Nobody else sees the loans, which end before COMMIT. */
export function onLoan(
  statements: readonly Statement[],
  loans: readonly Loan[],
  { privilege, to, reason }: { privilege: "CREATE" | "USAGE"; to: string; reason: string },
): Statement[] {
  const [one] = statements;
  if (one === undefined || loans.length === 0) return [...statements];
  const { database, ofSeen } = one;
  const each = (of: readonly Loan[], verb: string, preposition: string): Statement[] =>
    of.map(({ schema, by, needs }) =>
      statement(`${verb} ${privilege} ON SCHEMA ${ident(schema)} ${preposition} ${ident(to)}`, reason, {
        ...{ database, ofSeen, needs, as: by },
      }),
    );
  const ending = loans.filter(({ isInherited }) => isInherited !== true);
  return [...each(loans, "GRANT", "TO"), ...statements, ...each(ending, "REVOKE", "FROM")];
}
