import { parseDuration } from "@pgharbor/core";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A duration in Go's format, such as "1m0s", in which the provider reads it back. */
export function goDuration(text: string): string {
  const milliseconds = parseDuration(text);
  if (milliseconds > 0 && milliseconds < SECOND) return `${milliseconds}ms`;
  const hours = Math.floor(milliseconds / HOUR);
  const minutes = Math.floor((milliseconds % HOUR) / MINUTE);
  const seconds = (milliseconds % MINUTE) / SECOND;
  const parts = [hours > 0 ? `${hours}h` : "", hours > 0 || minutes > 0 ? `${minutes}m` : "", `${seconds}s`];
  return parts.join("");
}
