export type { DockerEndpoint } from "./docker-endpoint";
export { type DockerInstall, type DockerOrigin, ensureDocker } from "./ensure-docker";
