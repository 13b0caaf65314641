import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { REPO_ROOT } from "../repo-root";

/** A package in CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/#components). */
interface Component {
  type: "library";
  name: string;
  version: string;
  purl: string;
}

const FORMAT = "${Package}\\t${Version}\\t${Architecture}\\t${db:Status-Status}\\n";

/** Creates a bill of materials for an image. It lists only packages that the image's package manager knows. */
export async function sbomOf(docker: Docker, image: string): Promise<object> {
  const info = await docker.getImage(image).inspect();
  const release = await outputOf(docker, image, ["cat", "/etc/os-release"]);
  const codename = /^VERSION_CODENAME=(.*)$/m.exec(release)?.[1] ?? "";
  const installed = await outputOf(docker, image, ["dpkg-query", "-W", "-f", FORMAT]);
  const components = [...debianPackages(installed, codename), ...(image.includes("/mcp:") ? npmPackages() : [])];
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      component: { type: "container", name: image, version: info.Id },
      properties: [{ name: "pgharbor:base", value: info.Config.Labels?.["org.opencontainers.image.base.name"] ?? "" }],
    },
    components,
  };
}

/** Writes the bill of each image to a folder. @returns the files */
export async function writeSboms(docker: Docker, images: readonly string[], folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (const image of images) {
    const file = join(folder, `${image.replace(/[^\w.-]+/g, "_")}.cdx.json`);
    writeFileSync(file, JSON.stringify(await sbomOf(docker, image), null, 2) + "\n");
    files.push(file);
  }
  return files;
}

export function debianPackages(installed: string, codename: string): Component[] {
  const lines = installed.split("\n").map((line) => line.split("\t"));
  return lines.flatMap(([name = "", version = "", architecture = "", status]): Component[] => {
    if (status !== "installed") return [];
    const qualifiers = `arch=${architecture}&distro=debian-${codename}`;
    return [
      { type: "library", name, version, purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?${qualifiers}` },
    ];
  });
}

/** Packages of the MCP server, which Debian does not have. Its image installs exactly the lock file. */
function npmPackages(): Component[] {
  const lock = JSON.parse(readFileSync(join(REPO_ROOT, "packages/images/mcp/build/package-lock.json"), "utf8")) as {
    packages: Record<string, { version?: string; dev?: boolean }>;
  };
  return Object.entries(lock.packages).flatMap(([path, { version, dev }]): Component[] => {
    const name = path.split("node_modules/").at(-1) ?? "";
    if (name === "" || version === undefined || dev === true) return [];
    return [{ type: "library", name, version, purl: `pkg:npm/${name.replace("@", "%40")}@${version}` }];
  });
}

async function outputOf(docker: Docker, image: string, command: string[]): Promise<string> {
  const stdout = new PassThrough();
  const read = text(stdout);
  const [result] = (await docker.run(image, command.slice(1), [stdout, new PassThrough()], {
    Entrypoint: command.slice(0, 1),
    Tty: false,
    HostConfig: { AutoRemove: true, NetworkMode: "none" },
  })) as [{ StatusCode: number }];
  stdout.end();
  if (result.StatusCode !== 0) throw new Error(`${image}: ${command.join(" ")} ended with ${result.StatusCode}`);
  return read;
}
