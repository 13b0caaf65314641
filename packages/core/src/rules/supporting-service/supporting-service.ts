import { names } from "../../names";
import type { PlatformName } from "../../model/types";
import {
  KubernetesServiceType,
  servicePresets,
  ServiceType,
  SessionAttrs,
  type SupportingServiceSpec,
} from "../../spec";
import { isImageReference } from "../cluster/images";
import { checkKubernetesService, ONLY_ON_KUBERNETES } from "../kubernetes/services";
import { DNS_LABEL, isDnsLabel, LONGEST_NAME, repeated } from "../shared/patterns";
import { problemsOf, show, under, type Problem, type Row } from "../../errors";
import type { Read } from "../../read/read";
import { checkConfigFile } from "./config";
import { coresRow, memoryRow } from "../shared/container-size";
import { checkProcess } from "./process";
import { readSupportingService } from "../../read/supporting-service";

/** Facts of the program for checks of a supporting service. */
export interface SupportingServiceContext {
  /** The cluster's name. */
  cluster: string;
  /** Services of the cluster that are already declared. */
  services: { name: string; followsPrimary: boolean }[];
  /** Names of other supporting services of the cluster. */
  takenNames: string[];
  /** Taken ports of the host, at an address of this service's. */
  takenPorts: { port: number; by: string }[];
  /** Absent if it is not known. */
  platform?: PlatformName;
  /** Taken node ports, on Kubernetes. */
  takenNodePorts?: { port: number; by: string }[];
  /** Annotations on all of the cluster's objects, on Kubernetes. */
  annotations?: Record<string, string>;
}

const LONGEST_HOST = "local";
const HOSTS = [LONGEST_HOST];
const available = Object.keys(servicePresets);

/** All problems of a supporting service, except those of its user. */
export function checkSupportingService(
  name: string,
  spec: SupportingServiceSpec,
  context: SupportingServiceContext,
): Problem[] {
  const problems: Problem[] = [];
  const read = readSupportingService("", spec, problems) ?? {};
  return [
    ...problems,
    ...problemsOf([
      ...nameRows(name, context),
      ...imageRows({ ...spec }, read),
      ...hostRows(read),
      ...sessionRows(read, context),
      ...portRows(read, context),
      coresRow("cpus", read.cpus),
      memoryRow("memory", read.memory, "16MB"),
    ]),
    ...checkKubernetesPart(read, context),
    ...checkConfigFile(read),
    ...checkProcess(read),
  ];
}

function nameRows(name: string, { cluster, takenNames }: SupportingServiceContext): Row[] {
  const over = names.supportingService(cluster, name, LONGEST_HOST).length - LONGEST_NAME;
  return [
    { when: !isDnsLabel(name), path: "name", message: `${DNS_LABEL}, got ${show(name)}` },
    {
      when: isDnsLabel(name) && over > 0,
      path: "name",
      message: `makes a container name of ${LONGEST_NAME + over} characters, got ${show(name)}; shorten it by ${over}`,
    },
    {
      when: takenNames.includes(name),
      path: "name",
      message: `is taken by a supporting service of the cluster, got ${show(name)}; choose another`,
    },
  ];
}

function imageRows(
  written: SupportingServiceSpec,
  { image, serviceType, version }: Read<SupportingServiceSpec>,
): Row[] {
  const both = written.image !== undefined && written.serviceType !== undefined;
  const preset = serviceType === undefined ? undefined : servicePresets[serviceType];
  const isTagged = image !== undefined && /[:@][^/]*$/.test(image);
  return [
    {
      when: written.image === undefined && written.serviceType === undefined,
      path: "image",
      message: `is missing; give image, or serviceType: one of ${available.join(", ")}`,
    },
    { when: both, path: "serviceType", message: "cannot be combined with image; leave one of them out" },
    {
      when: serviceType !== undefined && preset === undefined,
      path: "serviceType",
      message: `has no image yet, got ${show(serviceType)}; give image and containerPort for a custom image, or use ${available.join(", ")}`,
    },
    {
      when: image !== undefined && !isImageReference(image),
      path: "image",
      message: `must be an image reference such as "registry.example/app:1.0", got ${show(image)}`,
    },
    {
      when: image !== undefined && version !== undefined && isTagged,
      path: "version",
      message: `cannot be combined with an image that has a tag or digest, got ${show(version)} beside ${show(image)}; leave one of them out`,
    },
    {
      when: version !== undefined && preset === undefined && !/^\w[\w.-]{0,127}$/.test(version),
      path: "version",
      message: `must be a tag of the image such as "1.2.3" or "latest", got ${show(version)}`,
    },
    {
      when: version !== undefined && preset !== undefined && ![preset.release, "latest"].includes(version),
      path: "version",
      message: `must be ${show(preset?.release)} or "latest", got ${show(version)}; give image to run another release`,
    },
  ];
}

function hostRows({ hosts }: Read<SupportingServiceSpec>): Row[] {
  if (hosts === undefined) return [];
  const twice = repeated(hosts);
  return [
    { when: hosts.length === 0, path: "hosts", message: 'must name at least one host, got none; write ["local"]' },
    ...hosts.flatMap((host, i): Row[] => [
      {
        when: twice.includes(i),
        path: under("hosts", i),
        message: `is listed twice, got ${show(host)}; remove one`,
      },
      {
        when: host !== undefined && !HOSTS.includes(host),
        path: under("hosts", i),
        message: `is not a host of the cluster, got ${show(host)}; a cluster on one Docker engine has the host "local"`,
      },
    ]),
  ];
}

const needsPrimary: string[] = [SessionAttrs.ReadWrite, SessionAttrs.Primary];
const needsReplica: string[] = [SessionAttrs.ReadOnly, SessionAttrs.Standby];

function sessionRows(read: Read<SupportingServiceSpec>, { services }: SupportingServiceContext): Row[] {
  const { service = "primary", targetSessionAttrs: attrs } = read;
  const found = services.find((s) => s.name === service);
  const those = (followsPrimary: boolean) =>
    services
      .filter((s) => s.followsPrimary === followsPrimary)
      .map((s) => s.name)
      .join(", ");
  const writes = read.serviceType === ServiceType.Mcp && read.config?.values?.allow_writes === "true";
  return [
    {
      when: found === undefined,
      path: "service",
      message: `is not a service of the cluster that was declared before, got ${show(service)}; use one of ${services.map((s) => s.name).join(", ")}`,
    },
    {
      when: found?.followsPrimary === false && needsPrimary.includes(attrs ?? ""),
      path: "targetSessionAttrs",
      message: `the service ${service} leads to replicas, where no session is ${attrs}; use one of the services ${those(true)}`,
    },
    {
      when: found?.followsPrimary === true && needsReplica.includes(attrs ?? ""),
      path: "targetSessionAttrs",
      message: `the service ${service} leads to the primary, where no session is ${attrs}; use one of the services ${those(false)}`,
    },
    {
      when: found?.followsPrimary === false && writes,
      path: "config.values.allow_writes",
      message: `the service ${service} leads to replicas, which take no writes; use one of the services ${those(true)}, or "false"`,
    },
  ];
}

function portRows(read: Read<SupportingServiceSpec>, { takenPorts }: SupportingServiceContext): Row[] {
  const { port, containerPort, image, serviceType } = read;
  const taken = port === undefined || port === 0 ? undefined : takenPorts.find((t) => t.port === port);
  const fixed = serviceType === undefined ? undefined : servicePresets[serviceType]?.containerPort;
  return [
    {
      when: taken !== undefined,
      path: "port",
      message: `is taken by ${taken?.by}, got ${port}; choose another, or 0 for any free one`,
    },
    {
      when: port !== undefined && containerPort === undefined && image !== undefined,
      path: "containerPort",
      message: "is missing; give the port that the program listens on, which port needs",
    },
    {
      when: fixed !== undefined && containerPort !== undefined && containerPort !== fixed,
      path: "containerPort",
      message: `is ${fixed} for this service type, got ${containerPort}; leave it out`,
    },
  ];
}

/** Its Service on Kubernetes: the type is never the cluster's, so that only an explicit setting exposes it. */
function checkKubernetesPart(
  { kubernetes, image, containerPort }: Read<SupportingServiceSpec>,
  { platform, takenNodePorts = [], annotations }: SupportingServiceContext,
): Problem[] {
  if (kubernetes === undefined) return [];
  const path = "kubernetes";
  if (platform === "docker") return [{ path, message: ONLY_ON_KUBERNETES }];
  const { nodePort } = kubernetes;
  const taken = takenNodePorts.find(({ port }) => port === nodePort);
  return [
    ...problemsOf([
      {
        when: image !== undefined && containerPort === undefined,
        path: "containerPort",
        message: "is missing; give the port that the program listens on, which a Service needs",
      },
      {
        when: taken !== undefined,
        path: under(path, "nodePort"),
        message: `is taken by ${taken?.by}, got ${nodePort}; choose another`,
      },
    ]),
    ...checkKubernetesService(path, kubernetes, KubernetesServiceType.ClusterIP, annotations),
  ];
}
