import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { mustRun, withFolderLock } from "@pgharbor/build-cache";
import { placeForStore, progress, StoreServer, testCache, type Place } from "./store-server";

/** Microsoft's own emulator. */
const AZURITE = "azurite@3.35.0";
const ACCOUNT = "shop";

/** Azurite on this machine. */
export interface AzureStore {
  place: Place;
  endpoint: string;
  account: string;
  accountKey: string;
  remove(): Promise<void>;
}

export async function startAzure(): Promise<AzureStore> {
  const program = await ensureAzurite();
  const place = await placeForStore();
  const accountKey = randomBytes(64).toString("base64");
  const address = ["--blobHost", place.host, "--blobPort", String(place.port)];
  const tls = ["--cert", place.certificate, "--key", place.key];
  const location = ["--location", place.folder, "--silent", "--skipApiVersionCheck", "--disableTelemetry"];
  const server = new StoreServer(place, [process.execPath, program, ...address, ...tls, ...location], {
    AZURITE_ACCOUNTS: `${ACCOUNT}:${accountKey}`,
  });
  await server.listen();
  return {
    ...{ place, endpoint: `${place.host}:${place.port}`, account: ACCOUNT, accountKey },
    remove: () => server.remove(),
  };
}

async function ensureAzurite(): Promise<string> {
  const folder = path.join(testCache(), AZURITE);
  const program = path.join(folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");
  await withFolderLock(testCache(), progress, async () => {
    if (existsSync(program)) return;
    progress(`installing ${AZURITE} from npm (once)`);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "package.json"), "{}");
    await mustRun(`installing ${AZURITE}`, "npm", ["install", "--no-audit", "--no-fund", "--prefix", folder, AZURITE]);
  });
  return program;
}
