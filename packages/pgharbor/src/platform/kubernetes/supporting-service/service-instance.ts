import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelKeys, parseBytes, parseDuration, type HealthcheckSpec } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import type { ServiceInstance } from "../../../outputs/service-instance";
import { instanceEnvironment } from "../../instance-environment";
import type { PlannedInstance, ServiceFile } from "../../platform";
import { AWAITED_BY_US } from "../pods/await";
import { locationArgs, serviceHost, type KubernetesContext } from "../context/context";
import { answersAt, makeInstanceService } from "../network/instance-service";
import { labelsOf, metadataOf, selectorOf, selectorText, type Labels } from "../context/metadata";
import { makeInstancePolicy } from "../network/network-policies";
import { commonPodSpec, resourcesOf, type PodSpec, type VolumeMount } from "../pods/pod-parts";

/** Pulumi waits so long for a new instance: more than 5 minutes in creating is failed. */
const TIMEOUT_SECONDS = 300;
/** Without a longer start period. */
const LEAST_SETTLE_SECONDS = 60;
const STOP_SECONDS = 10;

/** Whether an instance of a supporting service runs and is well. A refresh finds out anew. */
class PodInstance extends HandledResource<"PodInstance"> {
  declare readonly state: pulumi.Output<string>;
  declare readonly health: pulumi.Output<string>;
  declare readonly lastHealthAt: pulumi.Output<string | undefined>;

  constructor(
    context: KubernetesContext,
    name: string,
    generation: pulumi.Input<unknown>,
    selector: Labels,
    health: HealthcheckSpec | undefined,
    opts: pulumi.CustomResourceOptions,
  ) {
    const props = {
      ...locationArgs(context),
      deployment: name,
      generation,
      selector: selectorText(selector),
      timeoutSeconds: TIMEOUT_SECONDS,
      settleSeconds: settleSeconds(health),
      state: undefined,
      health: undefined,
      lastHealthAt: undefined,
    };
    super("PodInstance", `${name}-state`, props, opts);
  }
}

/** A Deployment of one pod, its Service and its files. A change of them makes a new pod and touches no other. */
export function makeServiceInstance(
  context: KubernetesContext,
  planned: PlannedInstance,
  files: ServiceFile[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<ServiceInstance> {
  const { name, containerPort } = planned;
  const own = { [labelKeys.service]: planned.service, [labelKeys.host]: planned.host };
  const labels = labelsOf(context, "supporting-service", own);
  const selector = { ...selectorOf(context, "supporting-service"), ...own };
  const child = { parent: opts.parent };
  const mounted = keyed(files);
  makeInstancePolicy(context, name, selector, planned, child);
  // Named by Pulumi, so that new files are a new Secret, and a new pod.
  const { name: _, ...metadata } = metadataOf(context, name, labels);
  const secret = new k8s.core.v1.Secret(
    `${name}-files`,
    { metadata, stringData: Object.fromEntries(mounted.map(({ key, content }) => [key, content])) },
    child,
  );
  const deployment = new k8s.apps.v1.Deployment(
    name,
    {
      metadata: metadataOf(context, name, labels, AWAITED_BY_US),
      spec: {
        replicas: 1,
        // Two at once might both work on what one has begun.
        strategy: { type: "Recreate" },
        selector: { matchLabels: selector },
        template: {
          metadata: { labels, annotations: context.spec.annotations },
          spec: podSpec(context, planned, mounted, secret.metadata.name),
        },
      },
    },
    context.marker.named(opts),
  );
  const its = new PodInstance(context, name, deployment.metadata.generation, selector, planned.spec.healthcheck, {
    ...child,
    dependsOn: [deployment],
    deletedWith: deployment,
  });
  // After it: Pulumi waits ten minutes for an address of pods that cannot come.
  const service =
    containerPort === undefined
      ? undefined
      : makeInstanceService(context, planned, containerPort, selector, { ...child, dependsOn: [its] });
  return pulumi
    .all([answersAt(context, planned, service), deployment.metadata.uid, its.state, its.health, its.lastHealthAt])
    .apply(([answers, uid, state, health, lastHealthAt]): ServiceInstance => ({
      name,
      host: planned.host,
      image: planned.image,
      containerId: uid,
      ...answers,
      state,
      health,
      lastHealthAt,
    }));
}

/** Keys of a Secret know no slash, so that two paths may come to one key: the second has its number behind it. */
function keyed(files: ServiceFile[]): (ServiceFile & { key: string })[] {
  const used = new Set<string>();
  return files.map((file, i) => {
    const plain = file.path.replace(/^\//, "").replaceAll(/[^A-Za-z0-9._-]/g, ".");
    const key = used.has(plain) ? `${plain}.${i}` : plain;
    used.add(plain);
    return { ...file, key };
  });
}

function podSpec(
  context: KubernetesContext,
  planned: PlannedInstance,
  files: ReturnType<typeof keyed>,
  secretName: pulumi.Output<string>,
): PodSpec {
  const { spec, image, containerPort } = planned;
  const [uid, gid] = (planned.user ?? "")
    .split(":")
    .filter((part) => part !== "")
    .map(Number);
  const memory = spec.memory === undefined ? undefined : parseBytes(spec.memory);
  return {
    ...commonPodSpec(context),
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: STOP_SECONDS,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: uid,
      runAsGroup: gid,
      fsGroup: gid,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "service",
        image,
        imagePullPolicy: "IfNotPresent",
        // Docker's command is what Kubernetes calls arguments.
        args: spec.command,
        env: [
          ...instanceEnvironment(spec.env).map(([key, value]): EnvVar => ({ name: key, value })),
          ...(containerPort === undefined ? [] : [{ name: "PGHARBOR_NAMES", value: namesOf(context, planned.name) }]),
        ],
        ports: containerPort === undefined ? undefined : [{ containerPort }],
        resources: resourcesOf({ cpu: "25m", memory: "64Mi" }, spec.cpus, memory),
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"], add: spec.capabilities },
        },
        readinessProbe: readiness(spec.healthcheck, containerPort),
        volumeMounts: files.map(({ path, key }): VolumeMount => ({
          name: "files",
          mountPath: path,
          subPath: key,
          readOnly: true,
        })),
      },
    ],
    // Readable by the program's own group alone, where that is known.
    volumes: [{ name: "files", secret: { secretName, defaultMode: gid === undefined ? 0o444 : 0o440 } }],
  };
}

type EnvVar = k8s.types.input.core.v1.EnvVar;

/** What clients call it by, in its namespace and in others: a program that looks at the name it is called by must know them. */
const namesOf = (context: KubernetesContext, name: string): pulumi.Output<string> =>
  pulumi
    .all([context.namespace, serviceHost(context, name)])
    .apply(([namespace, host]) => [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, host].join(","));

const seconds = (duration: string | undefined, otherwise: number): number =>
  duration === undefined ? otherwise : Math.max(1, Math.round(parseDuration(duration) / 1000));

/** Readiness that fails ends nothing, so a start period is only about when to give up. */
function settleSeconds(health: HealthcheckSpec | undefined): number | undefined {
  const asked = seconds(health?.startPeriod, 0);
  return asked > LEAST_SETTLE_SECONDS ? asked : undefined;
}

function readiness(health: HealthcheckSpec | undefined, containerPort: number | undefined) {
  if (health !== undefined)
    return {
      exec: { command: health.command },
      periodSeconds: seconds(health.interval, 10),
      timeoutSeconds: seconds(health.timeout, 5),
      failureThreshold: health.retries ?? 3,
    };
  return containerPort === undefined ? undefined : { tcpSocket: { port: containerPort }, periodSeconds: 5 };
}
