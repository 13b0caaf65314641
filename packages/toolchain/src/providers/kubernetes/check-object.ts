import { isObject, plainProperties, type Properties } from "../protocol/values";
import { named, type Naming } from "./autoname";
import { sealedLike } from "./checkpoint";
import type { ClusterConnection } from "./cluster-connection";
import { kindOfToken, textAt, valueAt, withMetadata, type KubeObject } from "./kube-object";
import { normalized } from "./normalize";

export interface CheckedObject {
  readonly token: string;
  readonly olds: Properties;
  readonly news: Properties;
  readonly naming: Naming;
}

/** The inputs with a name and a namespace, in the server's own form. Secrets stay what they are. */
export async function checkObject(connection: ClusterConnection, request: CheckedObject): Promise<Properties> {
  const kind = kindOfToken(request.token);
  if (/List$/.test(kind.kind) && request.token.startsWith("kubernetes:core/")) {
    throw new Error(`${request.token}: lists cannot be created; declare the objects in it`);
  }
  if (/Patch$/.test(kind.kind) && isPatchOf(kind.kind, request.news)) {
    throw new Error(
      `${request.token}: the offline stand-in has no Patch resources; the official kubernetes plugin has`,
    );
  }
  const olds = plainProperties(request.olds);
  const object = { ...kind, metadata: {}, ...plainProperties(request.news) } as KubeObject;
  const old = Object.keys(olds).length > 0 ? olds : undefined;
  const inputs = await placed(connection, named(normalized(object), old, request.naming));
  return sealedLike(inputs, request.news);
}

/** `ServiceAccountPatch` patches a ServiceAccount; a custom kind may just be called so. */
function isPatchOf(kind: string, news: Properties): boolean {
  return textAt(news, "kind") + "Patch" === kind;
}

async function placed(connection: ClusterConnection, object: KubeObject): Promise<KubeObject> {
  if (!isObject(object.metadata) || valueAt(object, "metadata", "namespace") !== undefined) return object;
  const { kinds } = connection.api;
  if (!(await kinds.isNamespaced(textAt(object, "apiVersion"), textAt(object, "kind")))) return object;
  return withMetadata(object, "namespace", await connection.defaultNamespace());
}
