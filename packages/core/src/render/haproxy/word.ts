/** One argument of a line of haproxy.cfg, whatever its characters (https://docs.haproxy.org/3.0/configuration.html#2.2). */
export function word(text: string): string {
  if (text.includes("\0")) throw new Error("haproxy.cfg: an argument cannot hold a NUL character");
  if (/^[\w./:,@%=+*()?&-]+$/.test(text)) return text;
  // Within single quotes nothing has a meaning except their end, and a line cannot go on in the next.

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

/** An address of ours, which may name a variable of the environment: HAProxy looks for those within double quotes only. */
export const addressWord = (address: string): string => (address.includes("$") ? `"${address}"` : word(address));
