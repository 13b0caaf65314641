import { Document, isMap, isScalar, Scalar, visit } from "yaml";
import type { Json } from "./json-value";
import { banner } from "./banner";
import { sortedDeep } from "./sorted";

/** A YAML file that YAML 1.1 (PyYAML, in Patroni) and 1.2 (etcd) read alike. */
export function toYaml(value: { [key: string]: Json }): string {
  const document = new Document(sortedDeep(value));
  visit(document, {
    // In double quotes nothing is a number, a date or a boolean by accident: `on`, `1_000`, `12:30` are in YAML 1.1.
    Scalar(key, node) {
      if (typeof node.value === "string" && !(key === "key" && isPlainKey(node.value))) node.type = Scalar.QUOTE_DOUBLE;
    },
    Collection(_, node) {
      node.flow = node.items.length === 0;
    },
    Pair(_, pair) {
      // A key longer than 1024 characters would be written as `? key`, which is as valid, but no one expects.
      if (isScalar(pair.key) && isMap(pair.value)) pair.value.flow = pair.value.items.length === 0;
    },
  });
  const text = document.toString({ lineWidth: 0, indentSeq: false });
  return banner("#") + escapeUnprintable(text);
}

/** Words that YAML 1.1 takes for something else than text stay in quotes. */
const isPlainKey = (key: string): boolean =>
  /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/.test(key) && !/^(y|n|yes|no|on|off|true|false|null|nan|inf)$/i.test(key);

/** PyYAML refuses some characters that are not escaped (C1 controls, U+FFFE); only quoted scalars can have them. */
function escapeUnprintable(text: string): string {
  return text.replace(/[^\n\x20-\x7e]/gu, (character) => {
    const code = character.codePointAt(0) as number;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
