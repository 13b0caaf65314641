const ENCODING_ALIASES: Record<string, string> = { unicode: "utf8" };

/** One spelling for an encoding: the server takes UTF-8, utf8 and Unicode alike. */
export function encodingForm(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return ENCODING_ALIASES[plain] ?? plain;
}

/** One spelling for a locale: en_US.UTF-8 and en_US.utf8 are one, and ICU stores en_US as en-US. */
export function localeForm(name: string): string {
  return name.toLowerCase().replace(/utf-8/, "utf8").replace(/_/g, "-");
}
