import type Docker from "dockerode";

/** Reads the last lines of a container's log, the newest last. `since`: in seconds since the epoch. */
export async function lastLines(docker: Docker, container: string, count: number, since = 0): Promise<string[]> {
  const options = { stdout: true, stderr: true, tail: count, since, follow: false as const };
  const raw = await docker.getContainer(container).logs(options);
  return withoutFrames(raw)
    .split("\n")
    .filter((line) => line.trim() !== "");
}

/** Without a terminal, each frame has a header of eight bytes with its stream and length. */
export function withoutFrames(raw: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const end = at + 8 + raw.readUInt32BE(at + 4);
    pieces.push(raw.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(pieces).toString("utf8");
}
