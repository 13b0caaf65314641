import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labelKeys, labels, parseBytes, type HealthcheckSpec } from "@pgharbor/core";
import type { ServiceInstance } from "../../../outputs/service-instance";
import { instanceEnvironment } from "../../instance-environment";
import type { PlannedInstance, ServiceFile } from "../../platform";
import { containerLimits, REPLACED_LIMITS } from "../containers/container-limits";
import type { DockerContext } from "../containers/context";
import { goDuration } from "../containers/go-duration";
import { Leftovers } from "../containers/leftovers";
import { externalPort, publishedPorts } from "../containers/published-ports";
import { ServiceInstanceState } from "./service-instance";

const STOP_SECONDS = 10;

/** Docker uploads files as root's. */
const ROOT_GROUP = "0";

/** Creates one instance. A change of its files, image or process replaces only this container. */
export function createServiceContainer(
  context: DockerContext,
  planned: PlannedInstance,
  files: ServiceFile[],
  opts: Omit<pulumi.CustomResourceOptions, "dependsOn"> & { dependsOn?: pulumi.Resource[] },
): pulumi.Output<ServiceInstance> {
  const { name, spec } = planned;
  const image = new docker.RemoteImage(
    `${planned.service}-image`,
    { name: planned.image, keepLocally: true },
    { parent: opts.parent },
  );
  const leftovers = new Leftovers(name, context, [name], { parent: opts.parent });
  const container = new docker.Container(
    name,
    {
      name,
      hostname: name,
      image: image.imageId,
      command: spec.command,
      user: spec.user,
      networksAdvanced: [{ name: context.networks.clients }],
      ports: portsOf(planned),
      envs: instanceEnvironment(spec.env).map(([key, value]) => `${key}=${value}`),
      uploads: files.map((file) => upload(file, planned.user)),
      groupAdds: planned.user === undefined ? undefined : [ROOT_GROUP],
      labels: context.marker.labels(
        labels(planned.cluster, "supporting-service", { [labelKeys.service]: planned.service }),
      ),
      healthcheck: spec.healthcheck === undefined ? undefined : healthcheck(spec.healthcheck),
      restart: context.restartPolicy,
      destroyGraceSeconds: STOP_SECONDS,
      stopTimeout: STOP_SECONDS,
      ...containerLimits(spec.memory === undefined ? undefined : parseBytes(spec.memory), spec.cpus),
      mustRun: true,
      // No read-only root, because Docker cannot upload files into one. A volume would expose the connection to its readers.
      capabilities: { drops: ["ALL"], adds: spec.capabilities },
      securityOpts: ["no-new-privileges"],
    },
    {
      ...opts,
      dependsOn: [leftovers, ...(opts.dependsOn ?? [])],
      hooks: context.marker.cleanupHooks("container"),
      deleteBeforeReplace: true,
      replaceOnChanges: ["image", ...REPLACED_LIMITS],
    },
  );
  const state = new ServiceInstanceState(
    name,
    { engine: context.engine, container: container.id },
    { parent: opts.parent },
  );
  return instanceOf(planned, container, state);
}

function instanceOf(
  planned: PlannedInstance,
  container: docker.Container,
  instance: ServiceInstanceState,
): pulumi.Output<ServiceInstance> {
  const { name, host, image, spec, containerPort, bindAddress } = planned;
  return pulumi
    .all([container.id, container.ports, instance.state, instance.health, instance.lastHealthAt])
    .apply(([containerId, published, state, health, lastHealthAt]): ServiceInstance => {
      // Docker chooses a free port when the container starts.
      const free = containerPort === undefined ? undefined : externalPort(published, containerPort);
      const port = spec.port === undefined ? undefined : spec.port || free;
      const outside = ["0.0.0.0", "::"].includes(bindAddress) ? "127.0.0.1" : bindAddress;
      const inside = containerPort === undefined ? [] : [`${name}:${containerPort}`];
      const addresses = port === undefined ? inside : [...inside, `${outside}:${port}`];
      return { name, host, image, containerId, addresses, port, state, health, lastHealthAt };
    });
}

function portsOf({ spec, containerPort, bindAddress }: PlannedInstance) {
  if (spec.port === undefined || containerPort === undefined) return undefined;
  return publishedPorts([{ internal: containerPort, external: spec.port === 0 ? undefined : spec.port, bindAddress }]);
}

/**
 * A file of root. The program's user is in root's group and can read it; if the user is the image's own, every user of the container can.
 * An upload cannot belong to a numeric user, because Docker looks for the container's user among those of the host.
 */
function upload({ path, content }: ServiceFile, user: string | undefined) {
  return { file: path, content, permissions: user === undefined ? "0444" : "0440" };
}

const healthcheck = ({ command, interval, timeout, retries, startPeriod }: HealthcheckSpec) => ({
  tests: ["CMD", ...command],
  interval: goDuration(interval ?? "10s"),
  timeout: goDuration(timeout ?? "5s"),
  retries: retries ?? 3,
  startPeriod: goDuration(startPeriod ?? "30s"),
});
