import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import * as path from "node:path";
import { BUCKET, ensureGoProgram, placeForStore, StoreServer, type Place } from "./store-server";

/** fake-gcs-server on this machine, and an address that gives tokens, as Google's does; the store does not look at them. */
export interface GcsStore {
  place: Place;
  endpoint: string;
  serviceAccountKey: string;
  remove(): Promise<void>;
}

export async function startGcs(): Promise<GcsStore> {
  const sources = path.join(__dirname, "fake-gcs-server");
  const program = await ensureGoProgram("fake-gcs-server", sources, "github.com/fsouza/fake-gcs-server");
  const place = await placeForStore();
  const endpoint = `${place.host}:${place.port}`;
  const root = path.join(place.folder, "root");
  await mkdir(path.join(root, BUCKET), { recursive: true });
  const address = ["-host", place.host, "-port", String(place.port), "-public-host", endpoint, "-scheme", "https"];
  const tls = ["-cert-location", place.certificate, "-private-key-location", place.key];
  const server = new StoreServer(place, [
    program,
    ...[...address, ...tls, "-backend", "filesystem", "-filesystem-root", root, "-log-level", "error"],
  ]);
  const tokens = await serveTokens(place);
  await server.listen();
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const serviceAccountKey = JSON.stringify({
    type: "service_account",
    client_email: "backups@shop.test",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    token_uri: `https://${place.host}:${place.port + 1}/token`,
  });
  const remove = async () => {
    tokens.close();
    await server.remove();
  };
  return { place, endpoint, serviceAccountKey, remove };
}

async function serveTokens({ host, port, certificate, key }: Place): Promise<Server> {
  const answer = JSON.stringify({ access_token: "a-token", token_type: "Bearer", expires_in: 3600 });
  const server = createServer({ cert: await readFile(certificate), key: await readFile(key) }, (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/json", "content-length": answer.length }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(port + 1, host, resolve));
  return server;
}
