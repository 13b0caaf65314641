import { readFileSync } from "node:fs";
import { join } from "node:path";
import { required, type ClusterSpec, type ImageRole, type ServiceType } from "@pgharbor/core";

interface ImageCatalogue {
  /** By major. */
  postgres: Record<string, string>;
  gateway: string;
  etcd: string;
  mcp: string;
}

/** The images that this release was tested with; tags name the content they were built from. */
const catalogue = JSON.parse(readFileSync(join(__dirname, "../../images.json"), "utf8")) as ImageCatalogue;

/** A change of an image replaces the containers that run it, one member at a time. */
export function imagesFor(spec: ClusterSpec, postgresMajor: number): Record<ImageRole, string> {
  const postgres = spec.images?.postgres ?? catalogue.postgres[postgresMajor];
  return {
    postgres: required(postgres, `an image of PostgreSQL ${postgresMajor}`),
    gateway: spec.images?.gateway ?? catalogue.gateway,
    etcd: spec.images?.etcd ?? catalogue.etcd,
  };
}

/** The image of a service type. The rules have already refused types without an image. */
export function imageOfService(type: ServiceType): string {
  if (type !== "mcp") throw new Error(`there is no image for the service type ${type}`);
  return catalogue.mcp;
}
