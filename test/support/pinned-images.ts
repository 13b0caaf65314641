import { readFileSync } from "node:fs";
import { CATALOGUE_FILE } from "@pgharbor/toolchain";

interface PinnedImages {
  postgres: { 15: string; 17: string };
  gateway: string;
  etcd: string;
}

/** The images that a cluster runs by default. Tests also use them for their own pods. */
export const images = JSON.parse(readFileSync(CATALOGUE_FILE, "utf8")) as PinnedImages;
