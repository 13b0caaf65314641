import { stepsOf } from "../diff-object";
import { textAt, valueAt, type KubeObject } from "../kube-object";
import { conditionOf } from "./pods";
import { READY, type Readiness } from "./readiness";

/** What the annotation `pulumi.com/waitFor` asks for, instead of what the kind would: one expression, or a JSON list of them. */
export function waitForReadiness(annotation: string): Readiness {
  const expressions = listOf(annotation).map(parse);
  return {
    onRead: false,
    start: () => (live) => {
      const missing = expressions.filter(({ holds }) => !holds(live)).map(({ text }) => text);
      if (missing.length === 0) return Promise.resolve(READY);
      const status = `Waiting for ${missing.join(" and ")}`;
      return Promise.resolve({
        ready: false,
        status,
        problems: [`still without ${missing.join(" and ")}`, ...conditionsOf(live)],
      });
    },
  };
}

function listOf(annotation: string): string[] {
  try {
    const parsed = JSON.parse(annotation) as unknown;
    return Array.isArray(parsed) ? parsed.map(String) : [annotation];
  } catch {
    return [annotation];
  }
}

interface Expression {
  readonly text: string;
  holds(live: KubeObject): boolean;
}

function parse(text: string): Expression {
  const condition = /^condition=([^=]+)(?:=(.*))?$/.exec(text);
  if (condition) {
    const [, type = "", status = "True"] = condition;
    return { text, holds: (live) => textAt(conditionOf(live, type), "status").toLowerCase() === status.toLowerCase() };
  }
  const jsonpath = /^jsonpath=\{?\.?([^{}=]+)\}?(?:=(.*))?$/.exec(text);
  if (!jsonpath || /[?*@]/.test(jsonpath[1] as string)) {
    throw new Error(`pulumi.com/waitFor: expected "condition=…" or a "jsonpath=…" without filters, got "${text}"`);
  }
  const [, path = "", wanted] = jsonpath;
  return {
    text,
    holds: (live) => {
      const found = valueAt(live, ...stepsOf(path));
      return wanted === undefined ? found !== undefined : String(found) === wanted;
    },
  };
}

/** A custom kind says what is wrong in its conditions. */
function conditionsOf(live: KubeObject): string[] {
  const conditions = valueAt(live, "status", "conditions");
  return (Array.isArray(conditions) ? conditions : [])
    .map((condition) => `${textAt(condition, "type")}=${textAt(condition, "status")}: ${textAt(condition, "message")}`)
    .filter((text) => !text.endsWith(": "));
}
