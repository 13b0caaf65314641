/** Quotes one argument of a haproxy.cfg line (https://docs.haproxy.org/3.0/configuration.html#2.2). */
export function word(text: string): string {
  if (text.includes("\0")) throw new Error("haproxy.cfg: an argument cannot hold a NUL character");
  if (/^[\w./:,@%=+*()?&-]+$/.test(text)) return text;
  // Inside single quotes only the closing quote is special, and a line cannot continue on the next.

  return (
    text
      .split(/([\x00-\x1f'])/)
      .map(part)
      .join("") || "''"
  );
}

function part(text: string, index: number): string {
  if (index % 2 === 0) return text === "" ? "" : `'${text}'`;
  return text === "'" ? "\\'" : `\\x${text.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** Quotes an address of ours, which may contain an environment variable: HAProxy expands those only in double quotes. */
export const addressWord = (address: string): string => (address.includes("$") ? `"${address}"` : word(address));
