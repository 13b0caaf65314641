import type { MockEngine, Registered } from "./mock-engine";
import type { End, NetworkPolicy } from "./network-policy";

/** The declared pods and policies of a program, for the policy evaluator. */
interface Template {
  metadata: { labels: Record<string, string> };
  spec: { containers: { name: string; ports?: { name?: string; containerPort: number }[] }[] };
}
interface Workload {
  spec: { template: Template };
}

export const NAMESPACE = "data";

export const declaredPolicies = (engine: MockEngine): NetworkPolicy[] =>
  engine.of("kubernetes:networking.k8s.io/v1:NetworkPolicy").map(({ inputs }) => inputs as unknown as NetworkPolicy);

const workload = (engine: MockEngine, name: string): Registered =>
  engine.registered.find(
    (one) => one.name === name && /^kubernetes:apps\/v1:(Deployment|StatefulSet)$/.test(one.type),
  )!;

export const templateOf = (engine: MockEngine, name: string): Template =>
  (workload(engine, name).inputs as unknown as Workload).spec.template;

/** Returns one pod of a Deployment or StatefulSet. */
export function declaredPod(engine: MockEngine, name: string): End & { namedPorts: Record<string, number> } {
  const { metadata, spec } = templateOf(engine, name);
  const ports = spec.containers.flatMap((container) => container.ports ?? []);
  return {
    name,
    namespace: NAMESPACE,
    labels: metadata.labels,
    address: "10.244.0.1",
    namedPorts: Object.fromEntries(ports.flatMap(({ name: of, containerPort }) => (of ? [[of, containerPort]] : []))),
  };
}
