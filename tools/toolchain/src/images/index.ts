export { type ImagesWanted, type ImageTags, ensureImages } from "./ensure-images";
export type { ImageName } from "./image-sources";
export { imageTag } from "./image-tag";
export { sbomOf, writeSboms } from "./sbom";
