import { paths } from "../../names";
import type { CredentialName, StoreType } from "../../model/credentials";
import type { ResolvedObjectStore, ResolvedStorage } from "../../model/types";

export type Option = [name: string, value: string | number];

/** Values of one repository that are secret. */
export interface StorageSecrets {
  passphrase: string;
  /** "" if the program does not give it. */
  credential(name: CredentialName): string;
}

/** File names in the container that uses a repository. */
export const storageFiles = {
  ca: (number: number) => `repo${number}-ca.crt`,
  gcsKey: (number: number) => `repo${number}-gcs.json`,
} as const;

/** Where repository `number` is, and how it is encrypted. */
export const storageOptions = (number: number, storage: ResolvedStorage, secrets: StorageSecrets): Option[] =>
  [
    ...(storage.type === "volume"
      ? ([["path", paths.repository(number)]] satisfies Option[])
      : objectStoreOptions(number, storage, secrets)),
    ["cipher-type", "aes-256-cbc"] satisfies Option,
    ["cipher-pass", secrets.passphrase] satisfies Option,
  ].map(([name, value]): Option => [`repo${number}-${name}`, value]);

function objectStoreOptions(number: number, store: ResolvedObjectStore, secrets: StorageSecrets): Option[] {
  const { type, path, bucket, region, account, host, port, uriStyle, ca } = store;
  return [
    ["type", type],
    ["path", path],
    ...(type === "azure"
      ? ([
          ["azure-account", account ?? ""],
          ["azure-container", bucket],
        ] satisfies Option[])
      : ([[`${type}-bucket`, bucket]] satisfies Option[])),
    ...endpointOptions(type, host, port),
    ...optional("s3-region", region),
    ...optional(`${type}-uri-style`, uriStyle),
    ...optional("storage-ca-file", ca === undefined ? undefined : `${paths.config}/${storageFiles.ca(number)}`),
    ...credentialOptions(number, store, secrets),
  ];
}

/** For GCS, pgBackRest has the port in the endpoint. */
const endpointOptions = (type: StoreType, host: string, port: number | undefined): Option[] =>
  type === "gcs"
    ? [["gcs-endpoint", port === undefined ? host : `${host}:${port}`]]
    : [[`${type}-endpoint`, host], ...optional("storage-port", port)];

const optional = (name: string, value: string | number | undefined): Option[] =>
  value === undefined ? [] : [[name, value]];

/** Without credentials the machine's role, or that of the pod's ServiceAccount, is used. */
function credentialOptions(
  number: number,
  { type, roleFrom }: ResolvedObjectStore,
  { credential }: StorageSecrets,
): Option[] {
  const options: Record<StoreType, () => (Option | undefined)[]> = {
    s3: () => [
      given("s3-key", credential("accessKeyId")),
      given("s3-key-secret", credential("secretAccessKey")),
      given("s3-token", credential("sessionToken")),
    ],
    gcs: () => [given("gcs-key", credential("serviceAccountKey"), `${paths.config}/${storageFiles.gcsKey(number)}`)],
    azure: () => {
      const [accountKey, sasToken] = [credential("accountKey"), credential("sasToken")];
      return [given("azure-key-type", sasToken, "sas"), given("azure-key", accountKey), given("azure-key", sasToken)];
    },
  };
  const present = options[type]().filter((one) => one !== undefined);
  return present.length === 0 ? [[`${type}-key-type`, roleFrom]] : present;
}

const given = (name: string, credential: string, value = credential): Option | undefined =>
  credential === "" ? undefined : [name, value];
