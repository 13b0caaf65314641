import { createHmac, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:https";
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
  createContainer(name: string): Promise<void>;
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
    createContainer: (name) => createContainer(place, accountKey, name),
    remove: () => server.remove(),
  };
}

/** https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key */
async function createContainer({ host, port, ca }: Place, accountKey: string, name: string): Promise<void> {
  const headers = { "x-ms-date": new Date().toUTCString(), "x-ms-version": "2021-06-08" };
  const named = Object.entries(headers).map(([key, value]) => `${key}:${value}`);
  const signed = [
    "PUT",
    ...Array<string>(11).fill(""),
    ...named,
    `/${ACCOUNT}/${ACCOUNT}/${name}`,
    "restype:container",
  ];
  const signature = createHmac("sha256", Buffer.from(accountKey, "base64")).update(signed.join("\n")).digest("base64");
  const status = await new Promise<number | undefined>((resolve, reject) => {
    request(
      {
        ...{ host, port, ca, method: "PUT", path: `/${ACCOUNT}/${name}?restype=container` },
        headers: { ...headers, "content-length": 0, authorization: `SharedKey ${ACCOUNT}:${signature}` },
      },
      (response) => resolve(response.resume().statusCode),
    )
      .once("error", reject)
      .end();
  });
  if (status !== 201) throw new Error(`Azurite answered ${status}`);
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
