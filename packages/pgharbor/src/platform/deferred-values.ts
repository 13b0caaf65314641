import * as pulumi from "@pulumi/pulumi";
import type { DeferredValues } from "@pgharbor/core";
import type { Certificates } from "./authority";

/** Values that the engine makes, each by itself: who reads one does not wait for the others. */
export interface DeferredOutputs {
  passwords: Record<string, pulumi.Input<string>>;
  certificates: Certificates;
  authorities: Record<string, pulumi.Output<string>>;
  caCertificate: pulumi.Input<string>;
}

/** Any text will do while nobody but the recorder sees what comes of it. */
const STAND_IN = "stand-in";

/**
 * What `read` makes of deferred values. It depends on those alone that it asks for, so a preview knows it while some other value, such
 * as the certificate of a member that is new, is not there yet. Which ones, is found by one call with stand-ins.
 */
export function readDeferred<T>(deferred: DeferredOutputs, read: (deferred: DeferredValues) => T): pulumi.Output<T> {
  const asked: Record<string, pulumi.Input<string>> = {};
  read(
    deferredOf(deferred, (path, value) => {
      asked[path] = value;
      return STAND_IN;
    }),
  );
  const known = (values: Record<string, string>) => (path: string) => {
    const value = values[path];
    if (value === undefined) throw new Error(`${path} is read only with some values; a preview could not tell`);
    return value;
  };
  return pulumi.all(asked).apply<T>((values) => read(deferredOf(deferred, known(values))));
}

type Leaf = (path: string, value: pulumi.Input<string>) => string;

/** The values as texts, each given by `leaf` when it is asked for. */
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
    authorities: mapLazily(deferred.authorities, (value, name) => leaf(`authorities.${name}`, value)),
    get caCertificate() {
      return leaf("caCertificate", deferred.caCertificate);
    },
  };
}

function mapLazily<A, B>(values: Record<string, A>, map: (value: A, key: string) => B): Record<string, B> {
  const mapped: Record<string, B> = {};
  for (const [key, value] of Object.entries(values))
    Object.defineProperty(mapped, key, { enumerable: true, get: () => map(value, key) });
  return mapped;
}
