import { readFileSync } from "node:fs";
import { CATALOGUE_FILE } from "@pgharbor/toolchain";

interface PinnedImages {
  postgres: { 15: string; 17: string };
  gateway: string;
  etcd: string;
}

/** The images that a cluster runs unless it is told otherwise; tests use them for pods of their own, too. */
export const images = JSON.parse(readFileSync(CATALOGUE_FILE, "utf8")) as PinnedImages;
