import { labels, names, paths } from "../names";
import { renderEtcdAuthJson } from "../render/etcd/auth-json";
import { renderEtcdYml, storeFiles, TOKEN_KEY } from "../render/etcd/etcd-yml";
import { renderTokenKey } from "../render/etcd/token-key";
import { authoritiesFile, certificateFiles, plainFile, secretFile } from "./files-plan";
import { LOCAL_HOST } from "../model/members";
import { owners } from "./owners";
import type { ClusterModel } from "../model/types";
import type { PlannedContainer, PlannedUnit } from "./types";

/** The etcd that holds the leader's lease. Kubernetes has a store of its own. */
export function planStore(model: ClusterModel): PlannedUnit[] {
  return model.etcd.map((name, index) => ({ name, host: LOCAL_HOST, containers: [etcdContainer(model, name, index)] }));
}

function etcdContainer(model: ClusterModel, name: string, index: number): PlannedContainer {
  return {
    name,
    program: "etcd",
    image: "etcd",
    networks: [{ network: "store", aliases: [] }],
    ...owners.etcd,
    files: [
      plainFile("etcd.yml", () => renderEtcdYml(model, index)),
      authoritiesFile(storeFiles.peers, "store"),
      // Members, and etcd itself: its JSON gateway is a client of it.
      authoritiesFile(storeFiles.clients, "members", "store"),
      ...certificateFiles(names.identity(name)),
      secretFile(TOKEN_KEY, renderTokenKey),
      // The first makes the users; each takes its place in the store again by root's word when it has lost its data.
      secretFile("auth.json", renderEtcdAuthJson, true),
    ],
    volumes: [{ volume: names.etcdVolume(model.name, index + 1), path: paths.etcdData, data: true }],
    ports: [],
    labels: labels(model.name, "etcd", model.labels),
    stopTimeout: 15,
  };
}
