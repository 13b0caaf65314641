/** A file's key in the Secret that holds it: keys have no slashes. */
export const fileKey = (path: string): string => path.replaceAll("/", ".");
