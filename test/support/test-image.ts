import Docker from "dockerode";

/** A small image with a shell. The set-up of every machine for these tests provides at least one of them. */
export async function testImage(): Promise<string> {
  const engine = new Docker();
  const names = ["pgharbor/base:trixie", "pgharbor/base:bookworm", "debian:trixie-slim"];
  for (const name of names) {
    const found = await engine
      .getImage(name)
      .inspect()
      .catch(() => undefined);
    if (found) return name;
  }
  throw new Error(`none of ${names.join(", ")} is on this engine: run \`npm run doctor\` first`);
}
