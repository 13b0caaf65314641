export { ensureDocker, type DockerInstall } from "./docker";
export { ensureImages, imageTag, sbomOf, type ImageTags } from "./images";
export { CATALOGUE_FILE, pinnedImages } from "./images/pin-images";
export {
  ensureKubernetes,
  findKubernetes,
  kubectl,
  loadImages,
  runningComponents,
  startComponent,
  stopComponent,
  type ComponentName,
  type Kubernetes,
} from "@pgharbor/kubernetes-node";
export { ensurePulumi, fileBackend, type PulumiInstall } from "./pulumi";
export { setUp, type Setup } from "./set-up";
export { runCommand, type Progress } from "@pgharbor/build-cache";
