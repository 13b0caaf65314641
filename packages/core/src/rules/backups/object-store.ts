import { problemsOf, show, under, type Problem, type Row } from "../../errors";
import { storeTypes } from "../../model/credentials";
import type { Read } from "../../read/read";
import type { AzureSpec, GcsSpec, ObjectStoreSpec, S3Spec } from "../../spec";
import { isHostname, portOf } from "../shared/patterns";

/** Exactly one of the places, or at most one where `least` is 0. */
export function checkPlace<T extends object>(
  path: string,
  spec: T,
  places: readonly (keyof T & string)[],
  least: 0 | 1 = 1,
): Problem[] {
  const given = places.filter((place) => spec[place] !== undefined);
  return problemsOf([
    {
      when: given.length < least,
      path,
      message: `must have one of ${places.join(", ")}, got none; \`volume: {}\` has all defaults`,
    },
    {
      when: given.length > 1,
      path,
      message: `must have only one of ${places.join(", ")}, got ${given.join(" and ")}; leave all but one out`,
    },
  ]);
}

const patterns = {
  bucket: { pattern: /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, form: "the name of a bucket, without `s3://`" },
  container: { pattern: /^[a-z0-9$][a-z0-9-]{1,61}[a-z0-9]$/, form: "the name of a container" },
  account: {
    pattern: /^[a-z0-9]{3,24}$/,
    form: "the name of a storage account: 3 to 24 lower-case letters and digits",
  },
  region: { pattern: /^[a-z0-9-]{1,63}$/, form: 'the name of a region such as "eu-central-1"' },
  path: { pattern: /^\/([\w.=+@-]+(\/[\w.=+@-]+)*)?$/, form: 'a folder from the root such as "/backups/shop"' },
  ca: {
    pattern: /^\s*-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/,
    form: "a certificate in PEM, which begins with -----BEGIN CERTIFICATE-----",
  },
} as const;

/** Problems of the values of an object store. They stand in lines of a configuration file. */
export const checkObjectStore = (path: string, stores: Read<ObjectStoreSpec>): Problem[] =>
  storeTypes.flatMap((type) => {
    const store = stores[type];
    return store === undefined ? [] : problemsOf(rows(under(path, type), store));
  });

function rows(path: string, store: Read<S3Spec | GcsSpec | AzureSpec>): Row[] {
  const values = store as Record<string, string | undefined>;
  const { endpoint } = values;
  return [
    ...Object.entries(patterns).map(([field, { pattern, form }]) => {
      const value = values[field];
      return {
        when: value !== undefined && (!pattern.test(value) || value.split("/").includes("..")),
        path: under(path, field),
        message: `must be ${form}, got ${show(value)}`,
      };
    }),
    {
      when: endpoint !== undefined && !isEndpoint(endpoint),
      path: under(path, "endpoint"),
      message: `must be a host, or a host and a port such as "minio.example.com:9000", without https://, got ${show(endpoint)}`,
    },
  ];
}

function isEndpoint(endpoint: string): boolean {
  const [host = "", port, ...more] = endpoint.split(":");
  return isHostname(host) && (port === undefined || !Number.isNaN(portOf(port))) && more.length === 0;
}
