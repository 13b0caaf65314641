import { connectionPaths } from "@pgharbor/core";

/** The environment of a supporting service. Paths only: whoever may inspect containers reads it. */
export const instanceEnvironment = (own: Record<string, string> = {}): [string, string][] =>
  Object.entries({
    ...own,
    PGHARBOR_CONNECTION: connectionPaths.folder,
    PGSERVICEFILE: connectionPaths.serviceFile,
  }).sort(([a], [b]) => (a < b ? -1 : 1));
