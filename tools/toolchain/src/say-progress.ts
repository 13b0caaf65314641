import type { Progress } from "@pgharbor/build-cache";

const started = Date.now();

/** Prints a line with the seconds since the start of the command to stderr. */
export const sayProgress: Progress = (line) => {
  const seconds = ((Date.now() - started) / 1000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${line}\n`);
};
