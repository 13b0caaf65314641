import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelKeys, parseBytes, parseDuration, type HealthcheckSpec } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import type { ServiceInstance } from "../../../outputs/service-instance";
import { instanceEnvironment } from "../../instance-environment";
import type { PlannedInstance, ServiceFile } from "../../platform";
import { SKIP_PROVIDER_AWAIT } from "../pods/await";
import { createDeployment, ONE_AT_A_TIME } from "../pods/deployment";
import { locationArgs, serviceHost, type KubernetesContext } from "../context/context";
import { instanceAddresses, createInstanceService } from "../network/instance-service";
import { labelsOf, metadataOf, selectorOf, selectorText, type Labels } from "../context/metadata";
import { createInstancePolicy } from "../network/network-policies";
import { commonPodSpec, resourcesOf, type PodSpec, type VolumeMount } from "../pods/pod-parts";

/** A new instance that is not ready after 5 minutes fails the update. */
const TIMEOUT_SECONDS = 300;
/** For start periods that are not longer. */
const LEAST_SETTLE_SECONDS = 60;
const STOP_SECONDS = 10;

/** State and health of an instance of a supporting service. A refresh reads them again. */
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

/** Creates a Deployment of one pod, its Service and its files. A change of the files creates a new pod and touches no other. */
export function createServiceInstance(
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
  createInstancePolicy(context, name, selector, planned, child);
  // Pulumi chooses the name, so that new files create a new Secret and a new pod.
  const { name: _, ...metadata } = metadataOf(context, name, labels);
  const secret = new k8s.core.v1.Secret(
    `${name}-files`,
    { metadata, stringData: Object.fromEntries(mounted.map(({ key, content }) => [key, content])) },
    child,
  );
  const pod = podSpec(context, planned, mounted, secret.metadata.name);
  const deployment = createDeployment(
    context,
    { name, labels, selector, annotations: SKIP_PROVIDER_AWAIT, ...ONE_AT_A_TIME, pod },
    opts,
  );
  const instance = new PodInstance(context, name, deployment.metadata.generation, selector, planned.spec.healthcheck, {
    ...child,
    dependsOn: [deployment],
    deletedWith: deployment,
  });
  // After the instance, because Pulumi waits ten minutes for a Service without ready pods.
  const service =
    containerPort === undefined
      ? undefined
      : createInstanceService(context, planned, containerPort, selector, { ...child, dependsOn: [instance] });
  return pulumi
    .all([
      instanceAddresses(context, planned, service),
      deployment.metadata.uid,
      instance.state,
      instance.health,
      instance.lastHealthAt,
    ])
    .apply(([addresses, uid, state, health, lastHealthAt]): ServiceInstance => ({
      name,
      host: planned.host,
      image: planned.image,
      containerId: uid,
      ...addresses,
      state,
      health,
      lastHealthAt,
    }));
}

/** Adds keys of a Secret, which cannot contain a slash. A path whose key is taken gets its index as a suffix. */
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
        // Docker's command is the arguments of a Kubernetes container.
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
    // Readable only by the program's group, if it is known.
    volumes: [{ name: "files", secret: { secretName, defaultMode: gid === undefined ? 0o444 : 0o440 } }],
  };
}

type EnvVar = k8s.types.input.core.v1.EnvVar;

/** The names by which clients connect to the service, for a program that checks the host name of a request. */
const namesOf = (context: KubernetesContext, name: string): pulumi.Output<string> =>
  pulumi
    .all([context.namespace, serviceHost(context, name)])
    .apply(([namespace, host]) => [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, host].join(","));

const seconds = (duration: string | undefined, otherwise: number): number =>
  duration === undefined ? otherwise : Math.max(1, Math.round(parseDuration(duration) / 1000));

/** A failing readiness probe restarts nothing, so the start period only affects the timeout. */
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
