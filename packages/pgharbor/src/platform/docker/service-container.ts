import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { connectionPaths, labels, parseBytes, type HealthcheckSpec, type SupportingServiceSpec } from "@pgharbor/core";
import type { DockerContext } from "./containers";
import { ServiceInstanceState } from "./service-instance";

/** One container of a supporting service. */
export interface PlannedServiceContainer {
  /** Unique; the container's name and its host name. */
  name: string;
  cluster: string;
  service: string;
  spec: SupportingServiceSpec;
  containerPort?: number;
  /** Numeric user and group of the program, where they are known. */
  user?: string;
  bindAddress: string;
}

/** A file for a container, by its path. */
export interface ServiceFile {
  path: string;
  content: pulumi.Input<string>;
}

/** What a supporting service's instance runs as. */
export interface RunningInstance {
  container: docker.Container;
  state: ServiceInstanceState;
}

const MEBIBYTE = 1024 * 1024;
const STOP_SECONDS = 10;

/** Makes one instance. Any change of its files, image or process replaces it and nothing else. */
export function makeServiceContainer(
  context: DockerContext,
  planned: PlannedServiceContainer,
  args: { imageId: pulumi.Input<string>; files: ServiceFile[] },
  opts: pulumi.CustomResourceOptions,
): RunningInstance {
  const { name, spec } = planned;
  const container = new docker.Container(
    name,
    {
      name,
      hostname: name,
      image: args.imageId,
      command: spec.command,
      user: spec.user,
      networksAdvanced: [{ name: context.network }],
      ports: publishedPorts(planned),
      // Paths only: whoever may inspect containers reads an environment.
      envs: environment(spec.env).map(([key, value]) => `${key}=${value}`),
      uploads: args.files.map((file) => upload(file, planned.user)),
      labels: Object.entries(
        labels(planned.cluster, "supporting-service", { "pgharbor.service": planned.service }),
      ).map(([label, value]) => ({ label, value })),
      healthcheck: spec.healthcheck === undefined ? undefined : healthcheck(spec.healthcheck),
      restart: context.restartPolicy,
      destroyGraceSeconds: STOP_SECONDS,
      stopTimeout: STOP_SECONDS,
      memory: spec.memory === undefined ? undefined : Math.floor(parseBytes(spec.memory) / MEBIBYTE),
      cpus: spec.cpus === undefined ? undefined : String(spec.cpus),
      mustRun: true,
      // No read-only root: Docker puts no files into one (and whoever reads a volume reads the connection).
      capabilities: { drops: ["ALL"], adds: spec.capabilities },
      securityOpts: ["no-new-privileges"],
    },
    { ...opts, deleteBeforeReplace: true, replaceOnChanges: ["image"] },
  );
  const state = new ServiceInstanceState(
    name,
    { engine: context.engine, container: container.id },
    { parent: opts.parent, deletedWith: container },
  );
  return { container, state };
}

function publishedPorts({ spec, containerPort, bindAddress }: PlannedServiceContainer) {
  if (spec.port === undefined || containerPort === undefined) return undefined;
  return [{ internal: containerPort, external: spec.port === 0 ? undefined : spec.port, ip: bindAddress }];
}

const environment = (own: Record<string, string> = {}): [string, string][] =>
  Object.entries({
    ...own,
    PGHARBOR_CONNECTION: connectionPaths.folder,
    PGSERVICEFILE: connectionPaths.serviceFile,
  }).sort(([a], [b]) => (a < b ? -1 : 1));

/** Readable by its one user where that is known, else by every user of this one container. */
function upload({ path, content }: ServiceFile, user: string | undefined) {
  const [owner, group] = user?.split(":") ?? [];
  return { file: path, content, permissions: user === undefined ? "0444" : "0400", owner, group };
}

/** Docker keeps durations as Go writes them: `min` is `m` there. */
const goDuration = (text: string): string => text.replaceAll(" ", "").replace(/min$/, "m");

const healthcheck = ({ command, interval, timeout, retries, startPeriod }: HealthcheckSpec) => ({
  tests: ["CMD", ...command],
  interval: goDuration(interval ?? "10s"),
  timeout: goDuration(timeout ?? "5s"),
  retries: retries ?? 3,
  startPeriod: goDuration(startPeriod ?? "30s"),
});
