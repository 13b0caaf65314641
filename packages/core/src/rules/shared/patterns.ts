/** Patterns of names for all rules. */
import { isIP } from "node:net";

/** Maximum length of a host name part, and of PostgreSQL's identifiers. */
export const LONGEST_NAME = 63;

const dnsLabel = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Starts with a letter, as container names and names of Kubernetes Services must. */
export const isDnsLabel = (text: string): boolean => dnsLabel.test(text);
export const DNS_LABEL = "must be lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 63";

const dnsName = /^(?=.{1,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
/** A host name or address that a certificate can contain. Digits and dots that are no address are no host name either. */
export const isHostname = (text: string): boolean => isIP(text) !== 0 || (dnsName.test(text) && !/^[\d.]+$/.test(text));

/** Control characters end lines and strings in every rendered file. */

export const hasControl = (text: string): boolean => /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text);

/** A lone surrogate has no encoding, neither in UTF-8 nor in URLs. */
export const hasLoneSurrogate = (text: string): boolean => /\p{Surrogate}/u.test(text);

/** The number of a port in a string; NaN for any other text. */
export const portOf = (text: string): number => {
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : NaN;
  return port <= 65_535 ? port : NaN;
};

const parameter = /^[a-z][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/;
/** A parameter's name, with an optional extension prefix. */
export const isParameter = (text: string): boolean => text.length <= LONGEST_NAME && parameter.test(text);

/** Indexes of duplicate entries. */
export function repeated(values: (string | number | undefined)[]): number[] {
  return values.flatMap((value, i) => (value !== undefined && values.indexOf(value) < i ? [i] : []));
}
