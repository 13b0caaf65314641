import { join } from "node:path";
import { ADDRESSES } from "../addresses";
import type { ClusterFolders } from "../cluster-folders";

/** Pods on one bridge (https://www.cni.dev/plugins/current/main/bridge/). The plugin enforces no NetworkPolicy. */
export function cniConfig(folders: ClusterFolders): string {
  return JSON.stringify(
    {
      cniVersion: "1.0.0",
      name: "pgharbor",
      plugins: [
        {
          type: "bridge",
          bridge: ADDRESSES.podBridge,
          isGateway: true,
          // A pod may reach itself through its own Service.
          hairpinMode: true,
          ipMasq: false,
          ipam: {
            type: "host-local",
            dataDir: join(folders.cni, "addresses"),
            ranges: [[{ subnet: ADDRESSES.podCidr }]],
            routes: [{ dst: "0.0.0.0/0" }],
          },
        },
      ],
    },
    undefined,
    2,
  );
}
