const BINARY = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
};

/**
 * Converts a Kubernetes quantity (`8Gi`, `500m`, `1e3`) into a number. The client library has such a function but does not export it.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantityOf(text: string): number {
  const [, figure, suffix] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([KMGTPE]i|[numkMGTPE])?$/.exec(text.trim()) ?? [];
  if (figure === undefined || Number.isNaN(Number(figure))) {
    throw new Error(`${JSON.stringify(text)} is not a Kubernetes quantity`);
  }
  if (suffix === undefined) return Number(figure);
  return Number(figure) * (DECIMAL[suffix] ?? 1024 ** (BINARY.indexOf(suffix) + 1));
}

/** @returns a negative number, 0 or a positive number */
export const compareQuantities = (left: string, right: string): number => quantityOf(left) - quantityOf(right);
