import { join } from "node:path";
import type { ClusterFolders } from "../cluster-folders";

/**
 * A containerd for the cluster alone; Docker's is not touched.
 * https://github.com/containerd/containerd/blob/release/1.6/docs/cri/config.md
 */
export function containerdConfig(folders: ClusterFolders, pauseImage: string): string {
  const quoted = (...parts: string[]) => JSON.stringify(join(...parts));
  const cri = `plugins."io.containerd.grpc.v1.cri"`;
  return `version = 2
root = ${quoted(folders.containerd, "root")}
state = ${quoted(folders.containerd, "state")}
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper"]

[grpc]
  address = ${quoted(folders.containerdSocket)}

[plugins."io.containerd.internal.v1.opt"]
  path = ${quoted(folders.containerd, "opt")}

[${cri}]
  sandbox_image = ${JSON.stringify(pauseImage)}
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  # All that has to be unmounted in the end lies below one folder.
  netns_mounts_under_state_dir = true
  # Without CAP_SYS_RESOURCE runc may not lower the score and every sandbox fails: "can't get final child's PID from pipe: EOF".
  restrict_oom_score_adj = true
  [${cri}.cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = ${quoted(folders.cni, "net.d")}
  [${cri}.containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [${cri}.containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [${cri}.containerd.runtimes.runc.options]
        SystemdCgroup = false
        # Not in /run, where it would stay behind.
        Root = ${quoted(folders.containerd, "runc")}
`;
}
