import type Docker from "dockerode";

/** One message of a long-running engine request. */
export interface ProgressEvent {
  readonly stream?: string;
  readonly error?: string;
}

/**
 * Waits for the end of a build, a pull or an import. The engine answers 200 first and reports a failure as an event.
 */
export async function followProgress(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  onEvent: (event: ProgressEvent) => void = () => {},
): Promise<void> {
  let failure: string | undefined;
  const watch = (event: ProgressEvent): void => {
    failure ??= event.error;
    onEvent(event);
  };
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()), watch);
  });
  if (failure !== undefined) throw new Error(failure.trim());
}
