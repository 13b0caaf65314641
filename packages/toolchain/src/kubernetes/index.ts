export { ensureGoPrograms } from "./build/go-programs";
export { runningComponents, startComponent, stopComponent } from "./component-control";
export { ensureKubernetes, findKubernetes, type KubernetesWanted, removeKubernetes } from "./ensure-kubernetes";
export { kubectl } from "./kubectl";
export type { Kubernetes } from "./kubernetes";
export { loadImages } from "./load-images";
export type { ComponentName } from "./node/components";
