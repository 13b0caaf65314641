import * as pulumi from "@pulumi/pulumi";
import type { DeferredValues } from "@pgharbor/core";
import type { Certificates } from "./authority";

/** Deferred values as separate outputs, so that a reader of one does not wait for the others. */
export interface DeferredOutputs {
  passwords: Record<string, pulumi.Input<string>>;
  certificates: Certificates;
  authorities: Record<string, pulumi.Output<string>>;
  caCertificate: pulumi.Input<string>;
  /** Of object stores. */
  credentials?: Record<string, pulumi.Output<string>>;
  /** Passphrase of the backups that a new cluster starts from. */
  restorePassphrase?: pulumi.Input<string>;
}

/** A placeholder for values while dependencies are recorded. The result is discarded. */
const STAND_IN = "stand-in";

/**
 * Applies `read` to deferred values. The output depends only on the values that `read` uses, so a preview knows it even if another value,
 * such as the certificate of a new member, is still unknown. A first call with placeholders records which values `read` uses.
 */
export function readDeferred<T>(deferred: DeferredOutputs, read: (deferred: DeferredValues) => T): pulumi.Output<T> {
  const used: Record<string, pulumi.Input<string>> = {};
  read(
    deferredOf(deferred, (path, value) => {
      used[path] = value;
      return STAND_IN;
    }),
  );
  const known = (values: Record<string, string>) => (path: string) => {
    const value = values[path];
    if (value === undefined) throw new Error(`${path} is only read for some values, so a preview could not know it`);
    return value;
  };
  return pulumi.all(used).apply<T>((values) => read(deferredOf(deferred, known(values))));
}

type Leaf = (path: string, value: pulumi.Input<string>) => string;

/** Deferred values as strings. `leaf` returns each of them when it is read. */
function deferredOf(deferred: DeferredOutputs, leaf: Leaf): DeferredValues {
  const certificates = mapLazily(deferred.certificates, (pair, name) => ({
    get certificate() {
      return leaf(`certificates.${name}.certificate`, pair.certificate);
    },
    get privateKey() {
      return leaf(`certificates.${name}.privateKey`, pair.privateKey);
    },
  }));
  return {
    passwords: mapLazily(deferred.passwords, (value, user) =>
      leaf(`passwords.${user}`, value),
    ) as DeferredValues["passwords"],
    certificates,
    credentials: mapLazily(deferred.credentials ?? {}, (value, name) => leaf(`credentials.${name}`, value)),
    authorities: mapLazily(deferred.authorities, (value, name) => leaf(`authorities.${name}`, value)),
    get caCertificate() {
      return leaf("caCertificate", deferred.caCertificate);
    },
    get restorePassphrase() {
      return leaf("restorePassphrase", deferred.restorePassphrase ?? "");
    },
  };
}

function mapLazily<A, B>(values: Record<string, A>, map: (value: A, key: string) => B): Record<string, B> {
  const mapped: Record<string, B> = {};
  for (const [key, value] of Object.entries(values))
    Object.defineProperty(mapped, key, { enumerable: true, get: () => map(value, key) });
  return mapped;
}
