/**
 * Pulumi's placeholders for unknown values. The engine treats any text that equals one as an unknown value, and a
 * refresh then fails. https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
 */
const PLACEHOLDERS = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Values read from a server, where any user could store a placeholder as a comment. It shows as a difference. */
export function withoutPlaceholders<T>(value: T): T {
  if (typeof value === "string") return (PLACEHOLDERS.has(value) ? `text ${value}` : value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutPlaceholders(item)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutPlaceholders<unknown>(item)])) as T;
}
