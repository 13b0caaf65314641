import { Document, Scalar, visit } from "yaml";
import type { Json } from "./json-value";
import { banner } from "./banner";
import { sortedDeep } from "./sorted";

/** A YAML file with the same meaning in YAML 1.1 (PyYAML, in Patroni) and 1.2 (etcd). */
export function toYaml(value: { [key: string]: Json }): string {
  const document = new Document(sortedDeep(value));
  visit(document, {
    // Double quotes prevent numbers, dates and booleans by accident: `on`, `1_000`, `12:30` are such in YAML 1.1.
    Scalar(key, node) {
      if (typeof node.value === "string" && !(key === "key" && isPlainKey(node.value))) node.type = Scalar.QUOTE_DOUBLE;
    },
    Collection(_, node) {
      node.flow = node.items.length === 0;
    },
  });
  const text = document.toString({ lineWidth: 0, indentSeq: false });
  return banner("#") + escapeUnprintable(text);
}

/** Keeps quotes around words that YAML 1.1 does not read as text. */
const isPlainKey = (key: string): boolean =>
  /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/.test(key) && !/^(y|n|yes|no|on|off|true|false|null|nan|inf)$/i.test(key);

/** PyYAML refuses some unescaped characters (C1 controls, U+FFFE); only quoted scalars can contain them. */
function escapeUnprintable(text: string): string {
  return text.replace(/[^\n\x20-\x7e]/gu, (character) => {
    const code = character.codePointAt(0) as number;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
