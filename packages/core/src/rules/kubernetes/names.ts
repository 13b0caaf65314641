/**
 * Names, labels and annotations as Kubernetes' `apimachinery/pkg/util/validation` allows them, and the reserved ones.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */
import { problemsOf, show, under, type Problem, type Row } from "../../errors";

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** Valid for most objects. */
export const isObjectName = (text: string): boolean => text.length <= 253 && subdomain.test(text);
const OBJECT_NAME =
  "must be lower-case letters, digits, hyphens and dots, a letter or digit first and last, at most 253";

export const objectNameRow = (path: string, name: string | undefined): Row => ({
  when: name !== undefined && !isObjectName(name),
  path,
  message: `${OBJECT_NAME}, got ${show(name)}`,
});

/** An existing namespace may start with a digit, unlike names that pgharbor gives. */
const isNamespace = (text: string): boolean => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
export const namespaceRow = (path: string, name: string | undefined): Row => ({
  when: name !== undefined && !isNamespace(name),
  path,
  message: `must be lower-case letters, digits and hyphens, a letter or digit first and last, at most 63, got ${show(name)}`,
});

const word = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
export function isQualifiedName(key: string): boolean {
  const parts = key.split("/");
  const name = parts.pop() ?? "";
  return word.test(name) && (parts.length === 0 || (parts.length === 1 && isObjectName(parts[0] ?? "")));
}
export const QUALIFIED_NAME =
  "must be letters, digits and _.-, a letter or digit first and last, at most 63; optionally after a DNS name and /";
export const isLabelValue = (value: string): boolean => value === "" || word.test(value);
export const LABEL_VALUE = "must be letters, digits and _.-, a letter or digit first and last, at most 63, or empty";

type Texts = Record<string, string | undefined>;

/** Labels that select existing objects: every valid label is allowed. */
export const checkLabels = (at: string, labels: Texts = {}): Problem[] =>
  problemsOf(
    Object.entries(labels).flatMap(([key, value]) => [
      { when: !isQualifiedName(key), path: under(at, key), message: `the key ${QUALIFIED_NAME}` },
      {
        when: value !== undefined && !isLabelValue(value),
        path: under(at, key),
        message: `${LABEL_VALUE}, got ${show(value)}`,
      },
    ]),
  );

const reservedDomain = /^(pgharbor\.|pulumi\.com\/|([^/]+\.)?(kubernetes|k8s)\.io\/)/;
/** Standard labels are reserved only if pgharbor sets them: `part-of`, `version` and `created-by` are free. */
const STANDARD = "app.kubernetes.io/";
const ourStandard = ["name", "instance", "component", "managed-by"].map((name) => STANDARD + name);
const isReserved = (key: string): boolean =>
  key.startsWith(STANDARD) ? ourStandard.includes(key) : reservedDomain.test(key);
/** Set by the controllers of Deployments and StatefulSets. */
const controllersLabels = ["pod-template-hash", "controller-revision-hash"];

/** Custom labels for all created objects. */
export const checkOwnLabels = (at: string, labels: Texts = {}): Problem[] => [
  ...checkLabels(at, labels),
  ...problemsOf(
    Object.keys(labels).flatMap((key) => [
      {
        when: isReserved(key),
        path: under(at, key),
        message:
          "is reserved (pgharbor., pulumi.com/, kubernetes.io/ and k8s.io/ with all below them, but for app.kubernetes.io/part-of and others that we do not write); choose another name",
      },
      {
        // Patroni's `role_label`: with another value Services would find no primary.
        when: key === "role",
        path: under(at, key),
        message: "is used by Patroni for the role of each member; choose another name",
      },
      {
        when: controllersLabels.includes(key),
        path: under(at, key),
        message: "is set by Kubernetes; choose another name",
      },
    ]),
  ),
];

/** Kubernetes limits all annotations of an object to 256 KiB; Patroni, controllers and Pulumi add theirs. */
const MOST_ANNOTATIONS = 240 * 1024;
const ours = /^(pgharbor\.|pulumi\.com\/|kubectl\.kubernetes\.io\/last-applied-configuration$)/;
/** Annotations in which controllers keep their state; other values mislead them. */
const controllers = /^((deployment|pv|volume|volume\.beta)\.kubernetes\.io\/)/;

/** Custom annotations. `beside`: other annotations of the same objects. */
export function checkOwnAnnotations(at: string, annotations: Texts = {}, beside: Texts = {}): Problem[] {
  const bytes = Object.entries({ ...beside, ...annotations }).reduce(
    (sum, [key, value = ""]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return problemsOf([
    ...Object.keys(annotations).flatMap((key) => [
      // Kubernetes allows capitals here because it compares in lower case.
      { when: !isQualifiedName(key.toLowerCase()), path: under(at, key), message: `the key ${QUALIFIED_NAME}` },
      {
        when: ours.test(key) || controllers.test(key),
        path: under(at, key),
        message: "is set by pgharbor, Pulumi, kubectl or Kubernetes; choose another name",
      },
    ]),
    {
      when: bytes > MOST_ANNOTATIONS && Object.keys(annotations).length > 0,
      path: at,
      message: `must have at most ${MOST_ANNOTATIONS} bytes with their keys, because Kubernetes allows 262144 on an object, got ${bytes}; shorten them`,
    },
  ]);
}
