export { aptInstall } from "./cache/apt-install";
export { cacheFolder } from "./cache/cache-folder";
export { withFolderLock } from "./cache/folder-lock";
export type { Progress } from "./cache/progress";
export { mustRun, runCommand } from "./cache/run-command";
export { ensureGoModule, goProgramFolder, removeGoCaches, type GoModule, type GoWorkshop } from "./go/go-module";
export { isAtLeast } from "./is-at-least";
export { isInstalled } from "./is-installed";
