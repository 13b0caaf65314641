import { createHash } from "node:crypto";
import { pathOf, primaryPaths } from "../../model/service-meaning";
import type { ResolvedMember, ResolvedServer, ResolvedService } from "../../model/types";
import { ports } from "../../ports";
import { addressFor } from "./member-address";
import { splitServerOptions } from "./server-options";
import { addressWord, word } from "./word";

/** HAProxy's client certificate and key for Patroni's REST API. */
export const CHECK_IDENTITY = "check.pem";

/** One HTTP check of a member: it may serve if the answer has this status. */
interface Question {
  port: number;
  path: string;
  code: number;
}

/**
 * Sends the same questions to some members; all answers must be as expected. Every server of a service tracks one of these checks, so that
 * services with the same questions share them and see a member change at the same moment.
 */
export interface HealthCheck {
  name: string;
  questions: Question[];
  options: string;
  members: ResolvedMember[];
}

/** Fields of a service that decide about its servers. */
export type Checked = Pick<
  ResolvedService,
  "checkPort" | "checkPath" | "checkCode" | "defaultServerOptions" | "servers"
>;

/** The health check that a server of a service tracks. */
export function healthCheckName(service: Checked, server: ResolvedServer): string {
  const questions = questionsOf(service, server);
  const { check } = splitServerOptions(service.defaultServerOptions);
  // Depends only on this check: adding a service renames no other, and HAProxy keeps servers' states by name.
  const hash = createHash("sha256")
    .update(JSON.stringify([questions, check]))
    .digest("hex")
    .slice(0, 6);
  const label = questions.map(({ path }) => path.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "")).join(".");
  return ["check", label.slice(0, 60), hash].filter((part) => part !== "").join(".");
}

/** All health checks of the services, by name. */
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

/** Patroni returns 200 for `/read-only` whenever it does for `/primary` or `/replica`: this saves a question and shares the check. */
const isImplied = (own: Question, role: Question): boolean =>
  own.port === role.port && own.code === role.code && [role.path, "/read-only"].includes(own.path);

/** A backend without clients. */
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

/** Patroni's REST API uses TLS, exporters do not. OPTIONS returns the status without a body. */
const renderQuestion = (question: Question): string[] => {
  const { port, path, code } = question;
  const patroni = port === ports.patroni;
  const written = asksForPrimary(question);
  return [
    `  http-check connect port ${port}${patroni ? " ssl alpn http/1.1" : ""}`,
    `  http-check send meth ${patroni && !written ? "OPTIONS" : "GET"} uri ${word(path)}`,
    // Before the status: HAProxy closes the connection at the first failed expectation, and Patroni would log a traceback for the unsent
    // body.
    ...(written ? [`  http-check expect ! rstring ${word(IN_RECOVERY)}`] : []),
    `  http-check expect status ${code}`,
  ];
};

/**
 * Patroni returns 200 for `/primary` as soon as a member holds the leader lock, when it may still be in recovery. The role in the body is
 * Postgres' own pg_is_in_recovery(). When Patroni does not query Postgres, it is Patroni's view, as while a stopping primary finishes its
 * transactions, which must not be cut.
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
