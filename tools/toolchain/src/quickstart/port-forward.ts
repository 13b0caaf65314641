import { spawn } from "node:child_process";
import { isIP } from "node:net";
import type { Kubernetes } from "@pgharbor/kubernetes-node";
import type { Endpoint } from "./prove";
import { NAMESPACE } from "./stack-kubernetes";

const SECONDS = 20;

/**
 * Forwards a local port to a Service that has no address outside the cluster. The server's certificate must contain the
 * host of the connection string.
 */
export async function openPortForward(kubernetes: Kubernetes, url: URL): Promise<Endpoint> {
  const service = url.hostname.split(".")[0]!;
  if (isIP(url.hostname) || !url.hostname.startsWith(`${service}.${NAMESPACE}.`)) {
    throw new Error(`not a Service of the namespace ${NAMESPACE}: ${url.host}`);
  }
  const args = ["--context", kubernetes.context, "--namespace", NAMESPACE, "port-forward", `service/${service}`];
  const child = spawn("kubectl", [...args, `:${url.port}`], {
    env: { ...process.env, KUBECONFIG: kubernetes.kubeconfig },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const close = () => void child.kill();
  try {
    const port = await new Promise<number>((resolve, reject) => {
      let output = "";
      const timer = setTimeout(
        () => reject(new Error(`no port-forward to ${service} in ${SECONDS} s: ${output}`)),
        SECONDS * 1000,
      );
      const listen = (chunk: Buffer) => {
        output += chunk.toString();
        const found = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(Number(found));
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.once("error", reject);
      child.once("close", () => reject(new Error(`no port-forward to ${service}: ${output}`)));
    });
    return { host: "127.0.0.1", port, servername: url.hostname, close };
  } catch (error) {
    close();
    throw error;
  }
}
