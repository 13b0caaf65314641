import * as path from "node:path";
import { ensureGoModule, type GoModule, type GoWorkshop } from "@pgharbor/build-cache";
import { OFFLINE_CLI_VERSION, PACKAGE_ROOT, type ProviderName } from "./versions";

/** Providers that we build from their Go modules. No usable version of tls is available as a module, so it has a stand-in. */
export type BuiltProvider = Exclude<ProviderName, "tls">;

export function isBuilt(name: ProviderName): name is BuiltProvider {
  return name !== "tls";
}

const STRIPPED = "-s -w";

const sourcesOf = (folder: string): string => path.join(PACKAGE_ROOT, "src", "pulumi", folder);

const CLI: GoModule = {
  name: "cli",
  title: `Pulumi CLI ${OFFLINE_CLI_VERSION}`,
  sources: sourcesOf("offline-cli"),
  packages: { pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
  linkerFlags: `${STRIPPED} -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${OFFLINE_CLI_VERSION}`,
  duration: "1 to 5 minutes",
};

/** The plugin answers with the version of the npm package: the engine refuses another one. */
export function providerModule(name: BuiltProvider, version: string): GoModule {
  const program = `pulumi-resource-${name}`;
  const common = { name: program, title: `the ${name} provider ${version}`, packages: { [program]: `./${program}` } };
  if (name === "kubernetes") {
    return {
      ...common,
      sources: sourcesOf("kubernetes-provider"),
      linkerFlags: `${STRIPPED} -X github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=${version}`,
      duration: "5 to 10 minutes",
    };
  }
  return {
    ...common,
    sources: sourcesOf("upstream-providers"),
    linkerFlags: `${STRIPPED} -X main.version=${version}`,
    // Docker Compose is most of the upstream of docker, and @pulumi/docker has no resource for it.
    tags: name === "docker" ? "no_compose" : undefined,
    duration: "2 to 5 minutes",
  };
}

/** Builds the Pulumi CLI and returns its executable. */
export async function buildOfflineCli(workshop: GoWorkshop): Promise<string> {
  return path.join(await ensureGoModule(CLI, workshop), "pulumi");
}

/** Builds a provider plugin and returns its executable. */
export async function buildProvider(name: BuiltProvider, version: string, workshop: GoWorkshop): Promise<string> {
  return path.join(await ensureGoModule(providerModule(name, version), workshop), `pulumi-resource-${name}`);
}
