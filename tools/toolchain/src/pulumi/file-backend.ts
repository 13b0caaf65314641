/** The URL of a backend in a folder: without files of metadata, which a kill can leave empty, and then Pulumi cannot load the state. */
export const fileBackend = (folder: string): string => `file://${folder}?metadata=skip`;
