/** A file's key in a Secret. Keys have no slashes. */
export const fileKey = (path: string): string => path.replaceAll("/", ".");
