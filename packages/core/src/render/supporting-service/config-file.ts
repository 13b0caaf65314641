import type { ServiceConfigSpec } from "../../spec";
import { banner } from "../text/banner";
import { toJson } from "../text/json";
import { sortedEntries } from "../text/sorted";
import { toYaml } from "../text/yaml";

/** The configuration file of a supporting service, in the format of its extension. */
export function renderConfigFile(path: string, values: ServiceConfigSpec["values"]): string {
  if (path.endsWith(".json")) return toJson(values);
  if (/\.ya?ml$/.test(path)) return toYaml(values);
  const isToml = path.endsWith(".toml");
  const line = ([key, value]: [string, string]) =>
    isToml ? `${tomlString(key)} = ${tomlString(value)}\n` : `${key}=${value}\n`;
  return banner("#") + sortedEntries(values).map(line).join("");
}

/** A TOML basic string is a JSON string, but DEL is escaped and lone surrogates are not allowed (https://toml.io/en/v1.0.0#string). */
const tomlString = (text: string): string =>
  JSON.stringify(text.replace(/[\ud800-\udfff]/gu, "\ufffd")).replaceAll("\u007f", "\\u007f");
