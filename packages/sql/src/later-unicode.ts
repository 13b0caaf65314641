/**
 * Characters that Unicode 3.2 lacks and that today's NFKC turns into others. RFC 4013 uses Unicode 3.2, and PostgreSQL looks for unassigned
 * characters before it normalises (src/common/saslprep.c); the saslprep library looks afterwards, when they are gone. Computed from the
 * Unicode 3.2 character database.
 */
const RANGES: readonly [from: number, to: number][] = [
  [0x3f9, 0x3f9],
  [0x10fc, 0x10fc],
  [0x1d2c, 0x1dbf],
  [0x2090, 0x209c],
  [0x213b, 0x213c],
  [0x2150, 0x2152],
  [0x2189, 0x2189],
  [0x2c7c, 0x2d6f],
  [0x321d, 0x321e],
  [0x3244, 0x3250],
  [0x327c, 0x327e],
  [0x32cc, 0x32cf],
  [0x32ff, 0x32ff],
  [0x3377, 0x337a],
  [0x33de, 0x33df],
  [0x33ff, 0x33ff],
  [0xa69c, 0xab69],
  [0xfa2e, 0xfa2f],
  [0xfa6b, 0xfad9],
  [0xfe10, 0xfe19],
  [0xfe47, 0xfe48],
  [0x10781, 0x1ccf9],
  [0x1d4c1, 0x1d4c1],
  [0x1d6a4, 0x1d6a5],
  [0x1d7ca, 0x1d7cb],
  [0x1e030, 0x1fbf9],
];

/** True if a password has a character that makes PostgreSQL skip SASLprep. */
export function hasLaterCharacter(text: string): boolean {
  return [...text].some((character) => {
    const code = character.codePointAt(0) ?? 0;
    return RANGES.some(([from, to]) => from <= code && code <= to);
  });
}
