import type { Json } from "../text/json-value";
import { toYaml } from "../text/yaml";

/** patroni/10-bootstrap.yml: what the first member makes the cluster of. Read once; later changes go to the running cluster. */
export const renderBootstrapYml = (dynamicConfig: { [key: string]: Json }): string =>
  toYaml({
    bootstrap: {
      dcs: dynamicConfig,
      initdb: [
        "data-checksums",
        { encoding: "UTF8" },
        // Sorts the same on every image: a libc locale may sort otherwise after an upgrade, which breaks indexes.
        { locale: "C.UTF-8" },
        { "auth-host": "scram-sha-256" },
        { "auth-local": "peer" },
      ],
      post_init: "pgharbor-post-init",
    },
  });
