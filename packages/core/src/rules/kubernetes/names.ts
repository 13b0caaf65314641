/**
 * What Kubernetes takes as names, labels and annotations, as its `apimachinery/pkg/util/validation` has it, and which of
 * them are not a person's to give. https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */
import { problemsOf, show, under, type Problem, type Row } from "../../errors";

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** Names of most objects. */
export const isObjectName = (text: string): boolean => text.length <= 253 && subdomain.test(text);
const OBJECT_NAME =
  "must be lower-case letters, digits, hyphens and dots, a letter or digit first and last, at most 253";

export const objectNameRow = (path: string, name: string | undefined): Row => ({
  when: name !== undefined && !isObjectName(name),
  path,
  message: `${OBJECT_NAME}, got ${show(name)}`,
});

/** An existing namespace: unlike names that we give, it may start with a digit. */
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
  "must be letters, digits and _.-, a letter or digit first and last, at most 63; a DNS name and / may stand before";
export const isLabelValue = (value: string): boolean => value === "" || word.test(value);
export const LABEL_VALUE =
  "must be letters, digits and _.-, a letter or digit first and last, at most 63, or nothing at all";

type Texts = Record<string, string | undefined>;

/** Labels that choose what is there already: any that Kubernetes takes. */
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
/** Of the standard labels only those that we write are reserved: `part-of`, `version` and `created-by` are a person's. */
const STANDARD = "app.kubernetes.io/";
const ourStandard = ["name", "instance", "component", "managed-by"].map((name) => STANDARD + name);
const isReserved = (key: string): boolean =>
  key.startsWith(STANDARD) ? ourStandard.includes(key) : reservedDomain.test(key);
/** Written by the controllers of Deployments and StatefulSets. */
const controllersLabels = ["pod-template-hash", "controller-revision-hash"];

/** Labels of one's own, on everything that is made. */
export const checkOwnLabels = (at: string, labels: Texts = {}): Problem[] => [
  ...checkLabels(at, labels),
  ...problemsOf(
    Object.keys(labels).flatMap((key) => [
      {
        when: isReserved(key),
        path: under(at, key),
        message:
          "is reserved (pgharbor., pulumi.com/, kubernetes.io/ and k8s.io/ with all below them, but for app.kubernetes.io/part-of and others that we do not write); name it otherwise",
      },
      {
        // Patroni's `role_label`: Services would find no primary by it.
        when: key === "role",
        path: under(at, key),
        message: "is where Patroni writes the role of each member; name it otherwise",
      },
      {
        when: controllersLabels.includes(key),
        path: under(at, key),
        message: "is written by Kubernetes itself; name it otherwise",
      },
    ]),
  ),
];

/** Kubernetes has 256 KiB for all annotations of an object; Patroni, controllers and Pulumi write theirs beside a person's. */
const MOST_ANNOTATIONS = 240 * 1024;
const ours = /^(pgharbor\.|pulumi\.com\/|kubectl\.kubernetes\.io\/last-applied-configuration$)/;
/** Annotations by which controllers remember what they did: a value of somebody else's misleads them. */
const controllers = /^((deployment|pv|volume|volume\.beta)\.kubernetes\.io\/)/;

/** Annotations of one's own. `beside`: further ones that will stand on the same objects. */
export function checkOwnAnnotations(at: string, annotations: Texts = {}, beside: Texts = {}): Problem[] {
  const bytes = Object.entries({ ...beside, ...annotations }).reduce(
    (sum, [key, value = ""]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return problemsOf([
    ...Object.keys(annotations).flatMap((key) => [
      // Kubernetes takes capitals here: it compares in lower case.
      { when: !isQualifiedName(key.toLowerCase()), path: under(at, key), message: `the key ${QUALIFIED_NAME}` },
      {
        when: ours.test(key) || controllers.test(key),
        path: under(at, key),
        message: "is written by pgharbor, Pulumi, kubectl or Kubernetes itself; name it otherwise",
      },
    ]),
    {
      when: bytes > MOST_ANNOTATIONS && Object.keys(annotations).length > 0,
      path: at,
      message: `must have at most ${MOST_ANNOTATIONS} bytes with their keys, for Kubernetes has room for 262144 on an object, got ${bytes}; shorten them`,
    },
  ]);
}
