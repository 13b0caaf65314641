import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  ensureGoModule,
  type GoModule,
  goProgramFolder,
  type Progress,
  removeGoCaches,
  withFolderLock,
} from "@pgharbor/build-cache";
import { kubernetesCache } from "../cluster-folders";

export const KUBERNETES_VERSION = "1.33.0";

/** Newer versions need containerd 2 and cgroups v2, which Debian 12 and many containers lack. */
const [MAJOR, MINOR] = KUBERNETES_VERSION.split(".");
const VERSION = "k8s.io/component-base/version";

const ADDONS = ["localdir", "coredns", "pause"] as const;
type ModuleName = "kubernetes" | (typeof ADDONS)[number];
const KUBERNETES = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"];
const STRIPPED = "-s -w";

/** The small modules come after Kubernetes, because most of their dependencies are compiled by then. */
const MODULES: readonly (GoModule & { readonly name: ModuleName })[] = [
  {
    name: "kubernetes",
    title: `Kubernetes ${KUBERNETES_VERSION}`,
    sources: sourcesOf("kubernetes"),
    packages: Object.fromEntries(KUBERNETES.map((program) => [program, `k8s.io/kubernetes/cmd/${program}`])),
    linkerFlags: `${STRIPPED} -X ${VERSION}.gitVersion=v${KUBERNETES_VERSION} -X ${VERSION}.gitMajor=${MAJOR} -X ${VERSION}.gitMinor=${MINOR}`,
    duration: "4 to 10 minutes",
  },
  ...ADDONS.map((name) => ({ name, sources: sourcesOf(name), packages: { [name]: "." }, linkerFlags: STRIPPED })),
];

/** Folders of the programs, by module. */
export type GoPrograms = Readonly<Record<ModuleName, string>>;

export interface BuildOptions {
  /** Runs at low priority. @default false */
  readonly inBackground?: boolean;
}

/** Builds Kubernetes and the programs of the add-ons once, each from the Go module that the go.sum beside it pins. */
export async function ensureGoPrograms(progress: Progress, options: BuildOptions = {}): Promise<GoPrograms> {
  const cache = kubernetesCache();
  const programs = join(cache, "programs");
  const entries = MODULES.map(async (module) => [module.name, await goProgramFolder(module, programs)] as const);
  const folders = Object.fromEntries(await Promise.all(entries)) as GoPrograms;
  const missing = () => MODULES.filter(({ name }) => !existsSync(folders[name]));
  if (missing().length === 0) return folders;
  const work = join(cache, "build");
  await withFolderLock(work, progress, async () => {
    for (const module of missing()) await ensureGoModule(module, { programs, work, progress, ...options });
    await removeGoCaches({ work });
  });
  return folders;
}

function sourcesOf(name: ModuleName): string {
  return join(__dirname, "../../src/go", name);
}
