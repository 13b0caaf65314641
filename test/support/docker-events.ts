import type Docker from "dockerode";

/** Resolves at the first wanted Docker event, such as `container create shop-m1`. Rejects if `unless` ends first. */
export async function dockerEvent(
  docker: Docker,
  isWanted: (event: string) => boolean,
  unless: Promise<void>,
  complaint: () => string,
): Promise<string> {
  const stream = (await docker.getEvents({})) as NodeJS.ReadableStream & { destroy(): void };
  try {
    return await new Promise<string>((resolve, reject) => {
      let rest = "";
      stream.on("data", (chunk: Buffer) => {
        const lines = (rest + chunk.toString()).split("\n");
        rest = lines.pop()!;
        for (const line of lines.filter((one) => one.trim() !== "")) {
          const { Type, Action, Actor } = JSON.parse(line) as {
            Type: string;
            Action: string;
            Actor: { ID: string; Attributes: { name?: string } };
          };
          const event = `${Type} ${Action} ${Actor.Attributes.name ?? Actor.ID}`;
          if (isWanted(event)) resolve(event);
        }
      });
      stream.on("error", reject);
      void unless.then(() => reject(new Error(`it ended before it was killed\n${complaint()}`)));
    });
  } finally {
    stream.destroy();
  }
}
