import { type ImageName, imageSources, sourcesHash } from "./image-sources";

/** The tag, Debian release and build arguments of one image. */
export interface ImagePlan {
  readonly image: ImageName;
  readonly tag: string;
  readonly suite: string;
  readonly args: Readonly<Record<string, string>>;
}

/** The Debian release that packages each PostgreSQL major. */
const SUITE_OF_MAJOR: Readonly<Record<string, string>> = { "15": "bookworm", "17": "trixie" };

/** HAProxy 3 and etcd 3.5 are in trixie, whatever PostgreSQL major the members have. */
const COMMON_SUITE = "trixie";
const PROGRAM_VERSION: Readonly<Record<Exclude<ImageName, "postgres">, string>> = {
  gateway: "3.0",
  etcd: "3.5",
  mcp: "1.4",
};

export const DEFAULT_PG_MAJOR = "17";

/** Returns the plan of one image; `pgMajor` affects only `postgres`. */
export function imagePlan(image: ImageName, pgMajor = DEFAULT_PG_MAJOR): ImagePlan {
  const args: Record<string, string> = image === "postgres" ? { PG_MAJOR: pgMajor } : {};
  const suite = image === "postgres" ? suiteOf(pgMajor) : COMMON_SUITE;
  const version = image === "postgres" ? pgMajor : PROGRAM_VERSION[image];
  return { image, suite, args, tag: `pgharbor/${image}:${version}-${sourcesHash(imageSources(image), args)}` };
}

/** Computes an image's tag from its sources: `pgharbor/postgres:17-0123456789ab`. */
export function imageTag(image: ImageName, pgMajor?: string): string {
  return imagePlan(image, pgMajor).tag;
}

function suiteOf(pgMajor: string): string {
  const suite = SUITE_OF_MAJOR[pgMajor];
  if (!suite) {
    const known = Object.keys(SUITE_OF_MAJOR).join(", ");
    throw new Error(`PostgreSQL major: no Debian release we build on has it, got '${pgMajor}'; use one of ${known}`);
  }
  return suite;
}
