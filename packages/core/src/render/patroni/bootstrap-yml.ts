import type { Json } from "../text/json-value";
import { toYaml } from "../text/yaml";

/** patroni/10-bootstrap.yml: the first member initialises the cluster with it. Read once; later changes go to the running cluster. */
export const renderBootstrapYml = (dynamicConfig: { [key: string]: Json }): string =>
  toYaml({
    bootstrap: {
      dcs: dynamicConfig,
      initdb: [
        "data-checksums",
        { encoding: "UTF8" },
        // C.UTF-8 sorts the same on every image; a libc locale may sort differently after an upgrade, which breaks indexes.
        { locale: "C.UTF-8" },
        { "auth-host": "scram-sha-256" },
        { "auth-local": "peer" },
      ],
      post_init: "pgharbor-post-init",
    },
  });
