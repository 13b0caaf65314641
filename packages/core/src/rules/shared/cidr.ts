import { isIP } from "node:net";
import { repeated } from "./patterns";
import { show, under, type Problem } from "../../errors";

const CIDR = "must be a CIDR such as 10.0.0.0/8";

/** The problem of an address in CIDR notation, if any. `expected`: the allowed values, for the message. */
export function cidrProblem(addr: string, expected = CIDR): string | undefined {
  const [ip = "", prefix, ...more] = addr.split("/");
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(ip)] ?? 0;
  const got = `got ${show(addr)}`;
  if (bits === 0 || ip.includes("%")) return `${expected}, ${got}`;
  if (prefix === undefined) return `must have a prefix length, ${got}; write "${ip}/${bits}" for this address alone`;
  const fits = more.length === 0 && /^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= bits;
  return fits ? undefined : `must have a prefix length from 0 to ${bits}, ${got}`;
}

/**
 * A list of CIDRs without duplicates. `whenEmpty`: the effect of an empty list where it is not allowed; parts of Kubernetes read it as
 * "everyone".
 */
export function checkCidrs(path: string, cidrs: (string | undefined)[] | undefined, whenEmpty?: string): Problem[] {
  if (cidrs === undefined) return [];
  if (cidrs.length === 0)
    return whenEmpty === undefined ? [] : [{ path, message: `is empty: ${whenEmpty}; leave it out for every address` }];
  const twice = repeated(cidrs);
  return cidrs.flatMap((cidr, i): Problem[] => {
    const wrong = cidr === undefined ? undefined : cidrProblem(cidr);
    if (wrong !== undefined) return [{ path: under(path, i), message: wrong }];
    if (!twice.includes(i)) return [];
    return [{ path: under(path, i), message: `is listed twice, got ${show(cidr)}; remove one` }];
  });
}

/** The network without bits beyond the prefix, if there are any: PgBouncer matches no client with `10.1.2.3/16`. */
export function networkOf(cidr: string): string | undefined {
  const [ip = "", prefix = ""] = cidr.split("/");
  const v6 = isIP(ip) === 6;
  const [bits, width] = v6 ? [128, 16] : [32, 8];
  const number = BigInt(`0x${(v6 ? groups(ip) : ip.split(".").map(Number)).map((n) => hex(n, width / 4)).join("")}`);
  const host = BigInt(bits - Number(prefix));
  const network = (number >> host) << host;
  if (network === number) return undefined;
  const parts = Array.from({ length: bits / width }, (_, i) =>
    Number((network >> BigInt(bits - width * (i + 1))) & ((1n << BigInt(width)) - 1n)),
  );
  return `${v6 ? shortened(parts) : parts.join(".")}/${prefix}`;
}

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, "0");

/** The eight groups of an IPv6 address, in a URL's spelling. */
function groups(ip: string): number[] {
  const [left = "", right] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split("::");
  const numbers = (text: string) => (text === "" ? [] : text.split(":").map((group) => parseInt(group, 16)));
  const [before, after] = [numbers(left), numbers(right ?? "")];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

const shortened = (parts: number[]): string =>
  new URL(`http://[${parts.map((part) => part.toString(16)).join(":")}]`).hostname.slice(1, -1);
