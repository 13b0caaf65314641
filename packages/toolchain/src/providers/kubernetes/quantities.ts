import { isObject, mapValues, type Properties, type Value } from "../protocol/values";

/** Maps whose values are quantities, wherever they stand in an object of Kubernetes' own kinds. */
const QUANTITY_MAPS = new Set(["requests", "limits", "capacity", "hard", "default", "defaultRequest", "min", "max"]);
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];

/**
 * The object with its quantities written as the server writes them back (`1024Mi` as `1Gi`, `0.5` as `500m`), so that they do not differ.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function withCanonicalQuantities(object: Properties): Properties {
  return canonicalIn(object) as Properties;
}

function canonicalIn(value: Value, key = ""): Value {
  if (Array.isArray(value)) return value.map((item) => canonicalIn(item));
  if (isObject(value)) {
    if (QUANTITY_MAPS.has(key)) return mapValues(value, canonicalQuantity);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, canonicalIn(item, name)]));
  }
  return key === "sizeLimit" ? canonicalQuantity(value) : value;
}

export function canonicalQuantity(value: Value): Value {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return value;
  const match = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/.exec(text.trim());
  if (!match) return value;
  const [, sign, digits = "0", suffix = ""] = match;
  const nano = nanoOf(digits, suffix);
  if (nano === 0n) return "0";
  const written = BINARY.includes(suffix) && suffix !== "" ? binary(nano) : decimal(nano);
  return (sign === "-" ? "-" : "") + written;
}

const NANO = 1_000_000_000n;

/** In billionths, the smallest step there is; what is smaller is rounded up, as the server does. */
function nanoOf(digits: string, suffix: string): bigint {
  const [whole = "0", fraction = ""] = digits.split(".");
  const unscaled = BigInt((whole || "0") + fraction);
  const [up, down] = factorOf(suffix);
  const divisor = 10n ** BigInt(fraction.length) * down;
  return (unscaled * NANO * up + divisor - 1n) / divisor;
}

function factorOf(suffix: string): [bigint, bigint] {
  const power = BINARY.indexOf(suffix);
  if (power > 0) return [1024n ** BigInt(power), 1n];
  const exponent = /^[eE][+-]?\d+$/.test(suffix) ? Number(suffix.slice(1)) : (DECIMAL.indexOf(suffix) - 3) * 3;
  return exponent < 0 ? [1n, 10n ** BigInt(-exponent)] : [10n ** BigInt(exponent), 1n];
}

/** The largest suffix that leaves a whole number; below 1024 there is none to choose. */
function binary(nano: bigint): string {
  if (nano % NANO !== 0n) return decimal(nano);
  let value = nano / NANO;
  let power = 0;
  while (value % 1024n === 0n && power < BINARY.length - 1) {
    value /= 1024n;
    power++;
  }
  return `${value}${BINARY[power]}`;
}

function decimal(nano: bigint): string {
  let value = nano;
  let power = 0;
  while (value % 1000n === 0n && power < DECIMAL.length - 1) {
    value /= 1000n;
    power++;
  }
  return `${value}${DECIMAL[power]}`;
}
