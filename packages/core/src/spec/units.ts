/** Sizes and durations with PostgreSQL's own units: 1 kB is 1024 bytes. */
const KB = 1024;
const sizes: Record<string, number> = { B: 1, kB: KB, KB: KB, MB: KB ** 2, GB: KB ** 3, TB: KB ** 4 };
const durations: Record<string, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Bytes of a size such as "512MB"; NaN for any other text. */
export const parseBytes = (text: string): number => parse(text, sizes);

/** Bytes of a size, or of `byDefault` if it is missing or invalid; an invalid size is reported elsewhere. */
export const sizeOr = (byDefault: string, text: string = byDefault): number =>
  parseBytes(text) || parseBytes(byDefault);

/** Milliseconds of a duration such as "90s", "30min" or "1h"; NaN for any other text. */
export const parseDuration = (text: string): number => parse(text, durations);

function parse(text: string, units: Record<string, number>): number {
  const [, digits, unit] = /^(\d{1,15}(?:\.\d{1,6})?) ?([a-zA-Z]{1,3})$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined || !Object.hasOwn(units, unit)) return NaN;
  const value = Number(digits) * (units[unit] ?? NaN);
  return Number.isSafeInteger(value) ? value : NaN;
}

/** A size in the largest unit that gives a whole number, rounded up to whole kB. */
export function sizeInWords(bytes: number): string {
  const inUnits = (["TB", "GB", "MB"] as const).map((name) => [bytes / (sizes[name] ?? NaN), name] as const);
  const [count, unit] = inUnits.find(([number]) => Number.isInteger(number)) ?? [Math.ceil(bytes / KB), "kB"];
  return `${count}${unit}`;
}

/** A size for PostgreSQL in whole megabytes, rounded down, at least 1. */
export const megabytes = (bytes: number): string => `${Math.max(1, Math.floor(bytes / KB ** 2))}MB`;
