// Writes DBHub's configuration from the connection and the settings that the container got as files, and starts it.
import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { dbhubToml } from "./dbhub-toml.mjs";

const CONNECTION = "/run/pgharbor/connection/connection.json";
const SETTINGS = "/etc/pgharbor-mcp/settings.json";
const CONFIG = "/run/pgharbor-mcp/dbhub.toml";

const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));
const readJsonOr = (file, otherwise) => {
  try {
    return readJson(file);
  } catch (error) {
    if (error.code === "ENOENT") return otherwise;
    throw error;
  }
};

let connection;
try {
  connection = readJson(CONNECTION);
} catch (error) {
  console.error(`${CONNECTION}: ${error.message}; start this image by a SupportingService, which puts the file there`);
  process.exit(1);
}
writeFileSync(CONFIG, dbhubToml(connection, readJsonOr(SETTINGS, {})), { mode: 0o600 });

// In this process, so that it gets the signals: DBHub reads its arguments from argv.
const server = fileURLToPath(new URL("../node_modules/@bytebase/dbhub/dist/index.js", import.meta.url));
process.argv = [process.argv[0], server, "--transport=http", "--host=0.0.0.0", "--port=8080", `--config=${CONFIG}`];
// Others of the network reach it by the container's name, pods by those of its Service; any further name would open it to DNS
// rebinding, so it is the person's to give.
const given = [process.env.PGHARBOR_NAMES, process.env.DBHUB_ALLOWED_HOSTS].filter(Boolean);
process.argv.push(`--allowed-hosts=${[hostname(), ...given].join(",")}`);
await import(server);
