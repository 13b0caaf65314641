/** A line with names that tenants choose: control characters are replaced, so that it stays one line. */
export const printable = (line: string): string => line.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
