import { readFrom } from "./container-processes";

/** One end of a TCP connection. */
export interface Socket {
  address: string;
  port: number;
}

/** A connection that a pod opened or accepted. */
export interface Connection {
  from: Pick<Socket, "address">;
  to: Socket;
}

/** Numbers from the kernel's tcp_states.h. Recently closed connections are still listed. */
const LISTEN = "0A";

/**
 * Returns the connections in the network of a process of this machine, including those closed within the last minute.
 * None: the process has ended.
 * `listened`: collects the ports that had a listener, because connections outlive their listeners.
 */
export function connectionsOf(pid: number, listened: Set<number>): Connection[] {
  const lines = ["tcp", "tcp6"].flatMap((table) => readFrom(`/proc/${pid}/net/${table}`).split("\n").slice(1));
  const sockets = lines
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length > 3)
    .map(([, local, remote, state]) => ({ local: socketOf(local), remote: socketOf(remote), state }));
  for (const { local, state } of sockets) if (state === LISTEN) listened.add(local.port);
  return sockets
    .filter(({ local, remote, state }) => state !== LISTEN && remote.address !== local.address)
    .map(({ local, remote }) => (listened.has(local.port) ? { from: remote, to: local } : { from: local, to: remote }));
}

/** `0100007F:1F90` is 127.0.0.1 port 8080: each 32-bit word in this machine's little-endian order. */
function socketOf(text: string): Socket {
  const [address = "", port = ""] = text.split(":");
  const words = address.match(/.{8}/g) ?? [];
  // For an IPv6 socket with an IPv4 peer, the last word is the address.
  const bytes = words.at(-1)!.match(/../g)!.reverse();
  return { address: bytes.map((byte) => parseInt(byte, 16)).join("."), port: parseInt(port, 16) };
}
