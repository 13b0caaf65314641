import type { EventEmitter } from "node:events";

/** The part of ws's WebSocket that is used here. The client library does not ship its types. */
export interface Socket extends Pick<EventEmitter, "on"> {
  protocol: string;
  readyState: number;
  ping(): void;
  close(): void;
  terminate(): void;
}

const OPEN_TIMEOUT_MS = 30_000;
/** Proxies cut idle connections, many of them after a minute. */
const PING_MS = 20_000;
const CLOSED = 3;

/** Waits until a WebSocket is open, and terminates it where that takes too long. */
export async function waitUntilOpen(opening: Promise<Socket>): Promise<Socket> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(Object.assign(new Error(`not opened within ${OPEN_TIMEOUT_MS / 1000} s`), { code: "ETIMEDOUT" })),
      OPEN_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([opening, timeout]);
  } catch (error) {
    opening.then((socket) => socket.terminate()).catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Sends pings until the WebSocket is closed, and closes it when they are not answered. @returns why it was closed */
export function keepAliveUntilClosed(socket: Socket, timeoutMs?: number): Promise<string> {
  if (socket.readyState === CLOSED) return Promise.resolve("it was closed at once");
  return new Promise((resolve) => {
    let answered = true;
    let why: string | undefined;
    const giveUp = (reason: string) => {
      why = reason;
      socket.terminate();
    };
    const pings = setInterval(() => {
      if (!answered) return giveUp("the API server does not answer any more");
      answered = false;
      socket.ping();
    }, PING_MS);
    const limit =
      timeoutMs === undefined ? undefined : setTimeout(() => giveUp(`no end after ${timeoutMs / 1000} s`), timeoutMs);
    socket.on("pong", () => (answered = true));
    socket.on("message", () => (answered = true));
    socket.on("error", (error: Error) => (why ??= error.message));
    socket.on("close", (code: number) => {
      clearInterval(pings);
      clearTimeout(limit);
      resolve(why ?? `it was closed with code ${code}`);
    });
  });
}
