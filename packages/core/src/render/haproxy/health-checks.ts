import { createHash } from "node:crypto";
import { pathOf, primaryPaths } from "../../model/service-meaning";
import type { ResolvedMember, ResolvedServer, ResolvedService } from "../../model/types";
import { ports } from "../../ports";
import { addressFor } from "./member-address";
import { splitServerOptions } from "./server-options";
import { addressWord, word } from "./word";

/** Certificate and key that Patroni's REST interface knows HAProxy by. */
export const CHECK_IDENTITY = "check.pem";

/** One question to a member; it may serve when the answer has this status. */
interface Question {
  port: number;
  path: string;
  code: number;
}

/**
 * Asks some members the same questions, all of which must be answered as expected. Every server of the services tracks one
 * of these, so that services which ask the same share the checks, and see a member change in the same moment.
 */
export interface HealthCheck {
  name: string;
  questions: Question[];
  options: string;
  members: ResolvedMember[];
}

/** The part of a service that decides who may serve. */
export type Checked = Pick<
  ResolvedService,
  "checkPort" | "checkPath" | "checkCode" | "defaultServerOptions" | "servers"
>;

/** The health check that a server of a service tracks. */
export function healthCheckName(service: Checked, server: ResolvedServer): string {
  const questions = questionsOf(service, server);
  const { check } = splitServerOptions(service.defaultServerOptions);
  // Depends on nothing but itself: a service more or less renames no other, and HAProxy keeps servers' states by name.
  const hash = createHash("sha256")
    .update(JSON.stringify([questions, check]))
    .digest("hex")
    .slice(0, 6);
  const label = questions.map(({ path }) => path.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "")).join(".");
  return ["check", label.slice(0, 60), hash].filter((part) => part !== "").join(".");
}

/** Every health check that the services need, by name. */
export function healthChecks(services: readonly Checked[], members: readonly ResolvedMember[]): HealthCheck[] {
  const found = new Map<string, HealthCheck>();
  for (const service of services) {
    for (const server of service.servers) {
      const name = healthCheckName(service, server);
      const { check: options } = splitServerOptions(service.defaultServerOptions);
      const check = found.get(name) ?? { name, questions: questionsOf(service, server), options, members: [] };
      found.set(name, { ...check, members: members.filter((m) => m === server.member || check.members.includes(m)) });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function questionsOf(service: Checked, server: ResolvedServer): Question[] {
  const own = { port: service.checkPort, path: service.checkPath, code: service.checkCode };
  if (server.whileRole === "any") return [own];
  const role = { port: ports.patroni, path: `/${server.whileRole}`, code: 200 };
  return isImplied(own, role) ? [role] : [own, role];
}

/** Patroni answers 200 to `/read-only` whenever it does to `/primary` or `/replica`: a question less, and one more to share. */
const isImplied = (own: Question, role: Question): boolean =>
  own.port === role.port && own.code === role.code && [role.path, "/read-only"].includes(own.path);

/** A backend that no client reaches. */
export function renderHealthCheck(check: HealthCheck): string {
  return [
    `backend ${check.name}`,
    ...(check.options === "" ? [] : [`  default-server ${check.options}`]),
    "  option httpchk",
    ...check.questions.flatMap(renderQuestion),
    ...check.members.map((member) => renderServer(check, member)),
    "",
  ].join("\n");
}

/** Patroni's REST interface speaks TLS, exporters do not. OPTIONS gets the status alone, without a body to send. */
const renderQuestion = (question: Question): string[] => {
  const { port, path, code } = question;
  const patroni = port === ports.patroni;
  const written = asksForPrimary(question);
  return [
    `  http-check connect port ${port}${patroni ? " ssl alpn http/1.1" : ""}`,
    `  http-check send meth ${patroni && !written ? "OPTIONS" : "GET"} uri ${word(path)}`,
    // Before the status: HAProxy hangs up as soon as one fails, and Patroni, with the body still to write, would log a traceback.
    ...(written ? [`  http-check expect ! rstring ${word(IN_RECOVERY)}`] : []),
    `  http-check expect status ${code}`,
  ];
};

/**
 * Patroni answers 200 to `/primary` from when a member has the lock, and it may still be in recovery then. The role in the body is
 * Postgres' own answer to pg_is_in_recovery(). Where Patroni does not ask it is Patroni's opinion, as while a primary that is to stop
 * finishes its transactions: these must not be cut.
 */
const asksForPrimary = ({ port, path, code }: Question): boolean =>
  port === ports.patroni && code === 200 && primaryPaths.includes(pathOf(path));

const IN_RECOVERY = '"role": "replica"';

const renderServer = (check: HealthCheck, member: ResolvedMember): string => {
  const { name, hostname } = member;
  const asked = check.questions.map((question) => question.port);
  const address = addressFor(member, asked);
  const port = asked[0] ?? ports.patroni;
  const tls = asked.includes(ports.patroni)
    ? ` check-sni ${word(hostname)} verifyhost ${word(hostname)} verify required ca-file ca.crt crt ${CHECK_IDENTITY}`
    : "";
  return `  server ${word(name)} ${addressWord(`${address}:${port}`)} check${tls}`;
};
