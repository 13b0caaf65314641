export { ensurePulumi, type EnsurePulumiOptions } from "./ensure-pulumi";
export type { Origin, PulumiInstall, PulumiPlugin } from "./pulumi-install";
export { fileBackend } from "./file-backend";
