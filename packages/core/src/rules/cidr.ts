import { isIP } from "node:net";
import { repeated } from "./patterns";
import { show, under, type Problem } from "./problem";

const CIDR = "must be a CIDR such as 10.0.0.0/8";

/** What is wrong with addresses in CIDR notation. `expected`: what else may stand there. */
export function cidrProblem(addr: string, expected = CIDR): string | undefined {
  const [ip = "", prefix, ...more] = addr.split("/");
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(ip)] ?? 0;
  const got = `got ${show(addr)}`;
  if (bits === 0 || ip.includes("%")) return `${expected}, ${got}`;
  if (prefix === undefined) return `must have a prefix length, ${got}; write "${ip}/${bits}" for this address alone`;
  const fits = more.length === 0 && /^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= bits;
  return fits ? undefined : `must have a prefix length from 0 to ${bits}, ${got}`;
}

/** A list of them, each once. `whenEmpty`: what an empty list would do where it may not be; such lists mean "everyone" to some parts of Kubernetes. */
export function checkCidrs(path: string, cidrs: (string | undefined)[] | undefined, whenEmpty?: string): Problem[] {
  if (cidrs === undefined) return [];
  if (cidrs.length === 0)
    return whenEmpty === undefined ? [] : [{ path, message: `is empty: ${whenEmpty}; leave it out for every address` }];
  const twice = repeated(cidrs);
  return cidrs.flatMap((cidr, i): Problem[] => {
    const wrong = cidr === undefined ? undefined : cidrProblem(cidr);
    if (wrong !== undefined) return [{ path: under(path, i), message: wrong }];
    if (!twice.includes(i)) return [];
    return [{ path: under(path, i), message: `stands there twice, got ${show(cidr)}; remove one` }];
  });
}
