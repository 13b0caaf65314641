import type { TlsSpec } from "../../spec";
import { isHostname, repeated } from "../shared/patterns";
import { problemsOf, show, under, type Problem } from "../../errors";
import type { Read } from "../../read/read";

export function checkTls(tls: Read<TlsSpec> = {}): Problem[] {
  const hostnames = tls.hostnames ?? [];
  const twice = repeated(hostnames);
  return hostnames.flatMap((hostname, i) =>
    problemsOf([
      {
        when: hostname !== undefined && !isHostname(hostname),
        path: under("tls.hostnames", i),
        message: `must be a host name or an IP address, without port or scheme, got ${show(hostname)}`,
      },
      {
        when: twice.includes(i),
        path: under("tls.hostnames", i),
        message: `is listed twice, got ${show(hostname)}; remove one`,
      },
    ]),
  );
}
