export { ensureDocker, type DockerInstall } from "./docker";
export { ensureImages, imageTag, type ImageTags } from "./images";
export { CATALOGUE_FILE, pinnedImages } from "./images/pin-images";
export { ensurePulumi, type PulumiInstall } from "./pulumi";
export { setUp, type Setup } from "./set-up";
export type { Progress } from "./cache/progress";
