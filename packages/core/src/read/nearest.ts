/** The known name that was probably meant: with a typing error, or a longer or shorter form of the word. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const slips = known
    .map((one) => ({ one, away: distance(name.toLowerCase(), one.toLowerCase()) }))
    .filter(({ away }) => away <= Math.min(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.away - b.away);
  if (slips[0] !== undefined || name.length < 3) return slips[0]?.one;
  const longer = known.filter((one) => overlaps(name.toLowerCase(), one.toLowerCase()));
  return longer.find((one) => one.toLowerCase().startsWith(name.toLowerCase())) ?? longer[0];
}

const overlaps = (a: string, b: string): boolean => a.includes(b) || b.includes(a);

/** Number of letters to add, drop or change to turn one into the other; 3 if it is more than two. */
export function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
