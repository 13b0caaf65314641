import { spawn } from "node:child_process";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { request } from "node:http";

const MODULE = path.resolve(__dirname, "../../packages/pgharbor/src/clients/kubernetes/exec/port-forward.ts");
/** Prints the port, and keeps it open until stdin ends. */
const SCRIPT = `
  const [location, to] = JSON.parse(process.argv[1]);
  require(${JSON.stringify(MODULE)}).withPortForward(location, to, (forward) => {
    console.log(forward.port);
    return new Promise((resolve) => process.stdin.on("end", resolve).resume());
  }).then(() => process.exit(0));`;

/** Runs `work` with a port-forward that another process holds. `ask` opens a connection and returns the answer. */
export async function askThroughForward<T>(
  env: NodeJS.ProcessEnv,
  { kubernetes, kubeconfig }: { kubernetes?: object; kubeconfig?: string },
  to: { selector: string; port: number },
  work: (ask: () => Promise<string>) => Promise<T>,
): Promise<T> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "-e", SCRIPT, JSON.stringify([{ kubernetes, kubeconfig }, to])],
    {
      env,
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  try {
    const port = await new Promise<number>((resolve, reject) => {
      createInterface(child.stdout).once("line", (line) => resolve(Number(line)));
      child.once("exit", (code) => reject(new Error(`the port-forward ended with ${code}`)));
    });
    return await work(() => get(port));
  } finally {
    child.stdin.end();
  }
}

const get = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve(text));
    });
    asked.on("error", reject).end();
  });
