/**
 * The URL of a backend in a folder. Metadata files are disabled, because a kill can leave one empty, and then Pulumi
 * cannot load the state.
 */
export const fileBackend = (folder: string): string => `file://${folder}?metadata=skip`;
