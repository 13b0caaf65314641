import { createHash } from "node:crypto";
import { createServer, type AddressInfo, type Socket } from "node:net";

/** A local port that is forwarded to a port which no address of this machine connects to. */
export interface Forward {
  host: "127.0.0.1";
  port: number;
  /** @returns why the last connection failed */
  problem(): string | undefined;
  close(): void;
}

/** Opens a port. `connect` relays a connection to the remote port, and returns or throws the reason of a failure. */
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
  // An open connection keeps the program alive, a listening port does not.
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

/** Resources of one deployment run one after the other: the next one reuses the open forward. */
const LINGER_MS = 2000;

const shared = new Map<string, Shared>();

/** Callers in this process that need the same forward share one. */
export async function withSharedForward<T>(
  to: unknown,
  open: () => Promise<Forward>,
  work: (forward: Forward) => Promise<T>,
): Promise<T> {
  const key = createHash("sha256").update(JSON.stringify(to)).digest("hex");
  const entry = shared.get(key) ?? share(key, open());
  clearTimeout(entry.linger);
  entry.users++;
  try {
    return await work(await entry.forward);
  } finally {
    if (--entry.users === 0) entry.linger = setTimeout(() => close(key, entry), LINGER_MS).unref();
  }
}

function share(key: string, forward: Promise<Forward>): Shared {
  const entry: Shared = { forward, users: 0 };
  shared.set(key, entry);
  // After a failure, the next caller opens a new forward.
  forward.catch(() => forget(key, entry));
  return entry;
}

function forget(key: string, entry: Shared): void {
  if (shared.get(key) === entry) shared.delete(key);
}

function close(key: string, entry: Shared): void {
  forget(key, entry);
  entry.forward.then((forward) => forward.close()).catch(() => undefined);
}
