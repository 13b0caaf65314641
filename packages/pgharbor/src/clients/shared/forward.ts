import { createHash } from "node:crypto";
import { createServer, type AddressInfo, type Socket } from "node:net";

/** A port of this machine that leads to somewhere no address of it leads to. */
export interface Forward {
  host: "127.0.0.1";
  port: number;
  /** Why the last connection came to nothing. */
  problem(): string | undefined;
  close(): void;
}

/** Opens a port. `connect` joins a connection with the other end; it returns, or throws, why that came to nothing. */
export async function openForward(connect: (socket: Socket) => Promise<string | undefined>): Promise<Forward> {
  const sockets = new Set<Socket>();
  let problem: string | undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    connect(socket).then(
      (failure) => (problem = failure),
      (error: Error) => {
        problem = error.message;
        socket.destroy();
      },
    );
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  // A connection keeps a program alive, the mere possibility of one does not.
  server.unref();
  const close = () => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  };
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port, problem: () => problem, close };
}

interface Shared {
  forward: Promise<Forward>;
  users: number;
  linger?: NodeJS.Timeout;
}

/** The resources of one deployment come one after the other: the next one need not open it anew. */
const LINGER_MS = 2000;

const shared = new Map<string, Shared>();

/** One forward for all of this process that want the same. */
export async function withSharedForward<T>(
  to: unknown,
  open: () => Promise<Forward>,
  work: (forward: Forward) => Promise<T>,
): Promise<T> {
  const key = createHash("sha256").update(JSON.stringify(to)).digest("hex");
  const its = shared.get(key) ?? start(key, open());
  clearTimeout(its.linger);
  its.users++;
  try {
    return await work(await its.forward);
  } finally {
    if (--its.users === 0) its.linger = setTimeout(() => close(key, its), LINGER_MS).unref();
  }
}

function start(key: string, forward: Promise<Forward>): Shared {
  const its: Shared = { forward, users: 0 };
  shared.set(key, its);
  // Whoever comes after those that it has failed tries anew.
  forward.catch(() => forget(key, its));
  return its;
}

function forget(key: string, its: Shared): void {
  if (shared.get(key) === its) shared.delete(key);
}

function close(key: string, its: Shared): void {
  forget(key, its);
  its.forward.then((forward) => forward.close()).catch(() => undefined);
}
