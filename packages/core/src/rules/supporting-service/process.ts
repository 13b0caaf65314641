import { servicePresets, type HealthcheckSpec, type SupportingServiceSpec } from "../../spec";
import { parseDuration } from "../../spec/units";
import { repeated } from "../shared/patterns";
import { problemsOf, show, under, type Problem, type Row } from "../../errors";
import type { Read } from "../../read/read";

/** `scheme://user:password@`. */
export const holdsPassword = (value: string): boolean => /:\/\/[^\s/:@]*:[^\s/@]+@/.test(value);

/** Command, environment, health check and capabilities of a supporting service. */
export function checkProcess(read: Read<SupportingServiceSpec>): Problem[] {
  const { env = {}, command, healthcheck, capabilities = [], serviceType, user } = read;
  const isOurs = serviceType !== undefined && servicePresets[serviceType] !== undefined;
  return problemsOf([
    ...(["command", "healthcheck", "user"] as const).map((path) => ({
      when: isOurs && read[path] !== undefined,
      path,
      message: "applies only to a custom image: this service type has its own; leave it out",
    })),
    {
      when: user !== undefined && !/^\d{1,7}:\d{1,7}$/.test(user),
      path: "user",
      message: `must be a numeric user and group such as "1000:1000", got ${show(user)}`,
    },
    ...Object.entries(env).flatMap(([key, value = ""]) => envRows(key, value)),
    { when: command?.length === 0, path: "command", message: "is empty; leave it out for the image's default" },
    ...(command ?? []).map((word, i) => argumentRow(under("command", i), word ?? "")),
    ...(healthcheck === undefined ? [] : healthcheckRows(healthcheck)),
    ...capabilities.flatMap((capability, i) => capabilityRows(capabilities, capability ?? "", i)),
  ]);
}

/** Names that suggest a secret. One that ends in _FILE contains a path; a number or a switch is no secret. */
const secretName = /(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;
const isHarmless = (value: string): boolean => /^(\d*|true|false|yes|no|on|off)$/i.test(value);
const ours = /^(PGSERVICEFILE$|PGHARBOR_)/;

function envRows(key: string, value: string): Row[] {
  const path = under("env", key);
  const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key);
  return [
    { when: !isName, path, message: "is not a valid variable name; use letters, digits and _, no digit first" },
    { when: ours.test(key), path, message: "is set by pgharbor, to the path of the connection; leave it out" },
    {
      when: isName && secretName.test(key) && !isHarmless(value),
      path,
      message: `seems to be a secret, and everyone who may inspect containers can read the environment; put it into a file with secretFiles, and the path into ${key}_FILE`,
    },
    { when: value.includes("\0"), path, message: "must have no NUL character; remove it" },
    {
      when: holdsPassword(value),
      path,
      message:
        "has a URL with a password, and everyone who may inspect containers can read the environment; use the connection's files, or secretFiles",
    },
  ];
}

const argumentRow = (path: string, word: string): Row => ({
  when: holdsPassword(word),
  path,
  message:
    "has a URL with a password, and a command line is read by everyone on the host; use the connection's files, or secretFiles",
});

function healthcheckRows(check: Read<HealthcheckSpec>): Row[] {
  const durations = (["interval", "timeout", "startPeriod"] as const).map((field): Row => {
    const value = check[field];
    const ms = value === undefined ? 1 : parseDuration(value);
    return {
      when: !(ms >= 1 && ms <= parseDuration("1h")),
      path: under("healthcheck", field),
      message: `must be a duration with its unit ms, s, min or h, up to 1h, got ${show(value)}`,
    };
  });
  return [
    {
      when: check.command?.length === 0,
      path: "healthcheck.command",
      message: 'is empty; give a program of the image, such as ["curl", "-fsS", "http://127.0.0.1:8080/health"]',
    },
    ...(check.command ?? []).map((word, i) => argumentRow(under("healthcheck.command", i), word ?? "")),
    ...durations,
  ];
}

function capabilityRows(all: (string | undefined)[], capability: string, i: number): Row[] {
  const path = under("capabilities", i);
  return [
    {
      when: !/^[A-Z][A-Z_]*$/.test(capability) || capability === "ALL" || capability.startsWith("CAP_"),
      path,
      message: `must be one capability of Linux without CAP_, such as "NET_BIND_SERVICE", got ${show(capability)}`,
    },
    { when: repeated(all).includes(i), path, message: `is listed twice, got ${show(capability)}; remove one` },
  ];
}
