/** True if a version such as "v1.26.6" is not older than another. */
export function isAtLeast(version: string, oldest: string): boolean {
  const parts = (text: string) => text.replace(/^v/, "").split(/[.-]/).slice(0, 3).map(Number);
  const [left, right] = [parts(version), parts(oldest)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
