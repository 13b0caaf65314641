import type Docker from "dockerode";
import { pack } from "tar-stream";
import type { Progress } from "@pgharbor/build-cache";
import { followProgress, type ProgressEvent } from "./follow-progress";
import { hostAuthorities } from "./host-authorities";
import { imageSources, type SourceFile } from "./image-sources";
import type { ImagePlan } from "./image-tag";

const KEPT_LINES = 30;

/** Builds one image with the engine's own builder, so that no buildx is needed. */
export async function buildImage(docker: Docker, plan: ImagePlan, base: string, progress: Progress): Promise<void> {
  const last: string[] = [];
  const stream = await docker.buildImage(contextOf([...imageSources(plan.image), ...hostAuthorities()]), {
    t: plan.tag,
    dockerfile: `${plan.image}/Dockerfile`,
    buildargs: { BASE: base, ...plan.args },
    labels: {
      "org.opencontainers.image.title": `pgharbor ${plan.image}`,
      "org.opencontainers.image.base.name": base,
    },
    rm: true,
    forcerm: true,
  });
  const onEvent = (event: ProgressEvent): void => {
    const line = (event.stream ?? event.error ?? "").trim();
    if (line === "") return;
    last.push(line);
    if (last.length > KEPT_LINES) last.shift();
    if (line.startsWith("Step ")) progress(`${plan.tag}: ${line}`);
  };
  await followProgress(docker, stream, onEvent).catch(() => {
    throw new Error(`${plan.tag}: the build failed\n${last.join("\n")}`);
  });
}

/** Packs the build context as a tar without times, so that the builder's cache works across checkouts. */
function contextOf(files: readonly SourceFile[]): NodeJS.ReadableStream {
  const tar = pack();
  for (const { path, mode, content } of files) tar.entry({ name: path, mode, mtime: new Date(0) }, content);
  tar.finalize();
  return tar as unknown as NodeJS.ReadableStream;
}
