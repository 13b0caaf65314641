import { connectionPaths } from "@pgharbor/core";

/** The environment of a supporting service. It contains only paths, because everyone who may inspect containers can read it. */
export const instanceEnvironment = (own: Record<string, string> = {}): [string, string][] =>
  Object.entries({
    ...own,
    PGHARBOR_CONNECTION: connectionPaths.folder,
    PGSERVICEFILE: connectionPaths.serviceFile,
  }).sort(([a], [b]) => (a < b ? -1 : 1));
