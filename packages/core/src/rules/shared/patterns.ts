/** What names look like, once for every rule. */
import { isIP } from "node:net";

/** The longest host name part, and the longest identifier of PostgreSQL. */
export const LONGEST_NAME = 63;

const dnsLabel = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Starts with a letter: container names, and names of Kubernetes' Services, need it. */
export const isDnsLabel = (text: string): boolean => dnsLabel.test(text);
export const DNS_LABEL = "must be lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 63";

const dnsName = /^(?=.{1,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
/** A host name or an address, as a certificate can hold it. A number with dots that is no address is no name either. */
export const isHostname = (text: string): boolean => isIP(text) !== 0 || (dnsName.test(text) && !/^[\d.]+$/.test(text));

/** Control characters end lines and strings in every file that is rendered. */

export const hasControl = (text: string): boolean => /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text);

/** Half a character: no encoding holds it, neither UTF-8 nor that of URLs. */
export const hasLoneSurrogate = (text: string): boolean => /\p{Surrogate}/u.test(text);

/** The number of a port written as a string; NaN when it is none. */
export const portOf = (text: string): number => {
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : NaN;
  return port <= 65_535 ? port : NaN;
};

const parameter = /^[a-z][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/;
/** A parameter's name, with its extension's before it where it has one. */
export const isParameter = (text: string): boolean => text.length <= LONGEST_NAME && parameter.test(text);

/** Indexes of entries that an earlier entry already has. */
export function repeated(values: (string | number | undefined)[]): number[] {
  return values.flatMap((value, i) => (value !== undefined && values.indexOf(value) < i ? [i] : []));
}
