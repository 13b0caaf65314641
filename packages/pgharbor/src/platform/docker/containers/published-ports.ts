import type * as docker from "@pulumi/docker";

interface PortToPublish {
  readonly internal: number;
  /** A port of the host. @default any free one */
  readonly external?: number;
  readonly bindAddress: string;
}

/** Published ports in the order in which the provider reads them back. A different order would replace the container. */
export function publishedPorts(ports: readonly PortToPublish[]): docker.types.input.ContainerPort[] {
  return ports
    .map(({ internal, external, bindAddress }) => ({ internal, external, ip: bindAddress }))
    .sort((a, b) => a.internal - b.internal);
}

/** The port of the host that an internal port is published on, once the container runs. */
export function externalPort(
  published: readonly docker.types.output.ContainerPort[] | undefined,
  internal: number,
): number | undefined {
  return published?.find((port) => port.internal === internal)?.external;
}
