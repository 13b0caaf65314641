/**
 * Normalises a locale of the C library: glibc treats en_US.UTF-8 and en_US.utf8 as equal, and POSIX as another name of C.
 * https://sourceware.org/glibc/manual/latest/html_node/Locale-Names.html
 */
export function libcForm(name: string): string {
  if (name === "POSIX") return "C";
  return name.replace(/\.[^@]*/, (codeset) => `.${codeset.toLowerCase().replace(/[^a-z0-9]/g, "")}`);
}

/** The same for ICU without the server's form: en_US, en-us and en_US.UTF-8 are equal. */
export function icuForm(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.[^@]*/, "")
    .replace(/_/g, "-");
}
