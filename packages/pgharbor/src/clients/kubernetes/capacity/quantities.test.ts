import { compareQuantities, quantityOf } from "./quantities";

test.each([
  ["8Gi", 8 * 1024 ** 3],
  ["8192Mi", 8 * 1024 ** 3],
  ["1.5Ki", 1536],
  ["500m", 0.5],
  ["2", 2],
  ["1e3", 1000],
  ["2E", 2e18],
  ["12k", 12_000],
])("%s is %d", (text, value) => expect(quantityOf(text)).toBe(value));

test("the same amount is the same however it is written", () => {
  expect(compareQuantities("1Gi", "1024Mi")).toBe(0);
  expect(compareQuantities("1G", "1Gi")).toBeLessThan(0);
});

test.each(["", "Gi", "8 Gi", "8GB", "1.2.3"])("%j is not a Kubernetes quantity", (text) =>
  expect(() => quantityOf(text)).toThrow(/not a Kubernetes quantity/),
);
