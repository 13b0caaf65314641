/** Options of HAProxy's `default-server` that the program may set; the others are the cluster's own or do not fit Patroni's checks. */
import { show, type Problem } from "../../errors";

const time = /^\d{1,7}(us|ms|s|m|h)?$/;
const number = /^\d{1,7}$/;
const one = (...words: string[]) => new RegExp(`^(${words.join("|")})$`);

/** https://docs.haproxy.org/3.0/configuration.html#5.2 */
const options: Record<string, RegExp> = {
  inter: time,
  fastinter: time,
  downinter: time,
  slowstart: time,
  rise: /^[1-9]\d{0,3}$/,
  fall: /^[1-9]\d{0,3}$/,
  weight: /^(\d{1,2}|1\d\d|2[0-4]\d|25[0-6])$/,
  maxconn: number,
  minconn: number,
  maxqueue: number,
  "on-marked-down": one("shutdown-sessions"),
  "on-marked-up": one("shutdown-backup-sessions"),
};
const known = Object.keys(options).join(", ");

export function checkServerOptions(path: string, text: string): Problem[] {
  // A line break would start another section of haproxy.cfg; quotes and # change its parsing.
  if (!/^[a-z0-9 -]{0,500}$/.test(text)) {
    return [{ path, message: `must be words and numbers on one line, at most 500 characters, got ${show(text)}` }];
  }
  const words = text.split(" ").filter((word) => word !== "");
  const problems: Problem[] = [];
  for (let i = 0; i < words.length; i += 2) {
    const [option = "", value] = words.slice(i, i + 2);
    const shape = Object.hasOwn(options, option) ? options[option] : undefined;
    if (shape === undefined) {
      // The next words may be values.
      return [...problems, { path, message: `${show(option)} is not an option that may be set; those are ${known}` }];
    }
    if (value === undefined || !shape.test(value)) {
      problems.push({
        path,
        message: `${option} ${value === undefined ? "has no value" : `cannot be ${show(value)}`}; ${hint(shape)}`,
      });
    }
  }
  return problems;
}

function hint(shape: RegExp): string {
  if (shape === time) return 'write a time such as "3s" or "250ms"';
  const words = /^\^\(([a-z0-9|-]+)\)\$$/.exec(shape.source)?.[1];
  return words === undefined ? "write a number that HAProxy takes here" : `write ${words.split("|").join(", ")}`;
}
