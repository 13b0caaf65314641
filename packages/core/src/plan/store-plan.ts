import { labels, names, paths } from "../names";
import { renderEtcdAuthJson } from "../render/etcd/auth-json";
import { renderEtcdYml, storeFiles, TOKEN_KEY } from "../render/etcd/etcd-yml";
import { renderTokenKey } from "../render/etcd/token-key";
import { authoritiesFile, certificateFiles, plainFile, secretFile } from "./files-plan";
import { LOCAL_HOST } from "../model/members";
import { owners } from "./owners";
import type { ClusterModel } from "../model/types";
import type { PlannedContainer, PlannedUnit } from "./types";

/** The etcd that holds the leader lease. On Kubernetes Patroni uses the API server instead. */
export function planStore(model: ClusterModel): PlannedUnit[] {
  return model.etcd.map((name, index) => ({ name, host: LOCAL_HOST, containers: [etcdContainer(model, name, index)] }));
}

function etcdContainer(model: ClusterModel, name: string, index: number): PlannedContainer {
  return {
    name,
    program: "etcd",
    image: "etcd",
    // A server, a peer, and through its JSON gateway a client of itself.
    identity: { authority: "store", role: "server" },
    networks: [{ network: "store", aliases: [] }],
    ...owners.etcd,
    files: [
      plainFile("etcd.yml", () => renderEtcdYml(model, index)),
      authoritiesFile(storeFiles.peers, "store"),
      // Clients are the members, and etcd itself through its JSON gateway.
      authoritiesFile(storeFiles.clients, "members", "store"),
      ...certificateFiles(names.identity(name)),
      secretFile(TOKEN_KEY, renderTokenKey),
      // The first etcd creates the users; an etcd that lost its data rejoins with root's password.
      secretFile("auth.json", renderEtcdAuthJson, true),
    ],
    volumes: [{ volume: names.etcdVolume(model.name, index + 1), path: paths.etcdData, data: true }],
    ports: [],
    labels: labels(model.name, "etcd", model.labels),
    stopTimeout: 15,
  };
}
