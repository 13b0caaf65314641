import { ports } from "../../ports";
import { problemsOf, show, type Problem } from "../../errors";

/** Patroni's health checks; every other path returns 503. https://patroni.readthedocs.io/en/latest/rest_api.html */
const patroniPaths = [
  "/",
  "/primary",
  "/read-write",
  "/leader",
  "/master",
  "/standby-leader",
  "/replica",
  "/read-only",
  "/sync",
  "/synchronous",
  "/read-only-sync",
  "/quorum",
  "/read-only-quorum",
  "/async",
  "/asynchronous",
  "/health",
  "/liveness",
  "/readiness",
];
/** Characters of a path and query, except those that quote, comment or escape in haproxy.cfg. */
const shape = /^\/[A-Za-z0-9._~!&()*+,;=:@%/?-]{0,255}$/;

export const isPatroni = (checkPort = "patroni"): boolean =>
  checkPort === "patroni" || checkPort === `${ports.patroni}`;

export function checkCheckPath(path: string, text: string, checkPort?: string): Problem[] {
  if (!shape.test(text)) {
    const message = `must start with / and be one word of letters, digits and ._~!&()*+,;=:@%/?-, at most 256, got ${show(text)}`;
    return [{ path, message }];
  }
  if (!isPatroni(checkPort)) return [];
  const [endpoint = "", query = ""] = text.split("?");
  return problemsOf([
    {
      when: !patroniPaths.includes(endpoint),
      path,
      message: `is not a health check of Patroni, got ${show(text)}; use one of ${patroniPaths.join(" ")}`,
    },
    {
      when: /(^|&)lag=0+([a-zA-Z]*)?(&|$)/.test(query) && patroniPaths.includes(endpoint),
      path,
      message:
        `lag=0 does not mean no lag: the primary always passes, and the lag is that of the last report, got ${show(text)}; ` +
        'use "/read-only-quorum"',
    },
  ]);
}
