import type { SupportingServiceSpec } from "../../spec";
import { checkSupportingService, type SupportingServiceContext } from "./supporting-service";

const context: SupportingServiceContext = {
  cluster: "shop",
  services: [
    { name: "primary", followsPrimary: true },
    { name: "replica", followsPrimary: false },
  ],
  takenNames: ["taken"],
  takenPorts: [{ port: 5433, by: "the service primary of shop" }],
};
const mcp = { serviceType: "mcp", hosts: ["local"] };
const app = { image: "registry.example/app", hosts: ["local"] };
const problemsOf = (spec: object, name = "mcp", more: Partial<SupportingServiceContext> = {}) =>
  checkSupportingService(name, spec as SupportingServiceSpec, { ...context, ...more }).map(
    ({ path, message }) => `${path}: ${message}`,
  );

test.each<[string, object]>([
  ["the least", mcp],
  [
    "a preset with all it may have",
    {
      ...mcp,
      version: "1.4.0",
      service: "primary",
      targetSessionAttrs: "read-write",
      port: 0,
      containerPort: 8080,
      cpus: 0.5,
      memory: "256MB",
      env: { TZ: "UTC" },
      config: { values: { allow_writes: "true", max_rows: "100" } },
    },
  ],
  [
    "an image with all it may have",
    {
      ...app,
      version: "1.2.3",
      service: "replica",
      targetSessionAttrs: "prefer-standby",
      port: 8080,
      containerPort: 3000,
      config: { path: "/etc/app/config.toml", values: { "two words": "x\ny" } },
      env: { DATABASE_URL: "postgresql:///?service=pgharbor", API_KEY_FILE: "/run/key", MAX_TOKEN: "12" },
      command: ["serve", "--config", "/etc/app/config.toml"],
      healthcheck: { command: ["true"], interval: "500ms", timeout: "5s", retries: 1, startPeriod: "1h" },
      secretFiles: ["/run/key"],
      user: "1000:1000",
      capabilities: ["NET_BIND_SERVICE"],
    },
  ],
  ["a digest", { hosts: ["local"], image: `app@sha256:${"a".repeat(64)}` }],
])("a good program passes: %s", (_, spec) => {
  expect(problemsOf(spec)).toEqual([]);
});

const connection = "the connection is in /run/pgharbor/connection, other secrets belong in secretFiles";

test.each<[string, object, string[]]>([
  ["nothing runs", { hosts: ["local"] }, ["image: is missing; give image, or serviceType: one of mcp"]],
  ["two things run", { ...mcp, image: "a" }, ["serviceType: cannot be combined with image; leave one of them out"]],
  [
    "a kind that is to come",
    { ...mcp, serviceType: "rag" },
    ['serviceType: has no image yet, got "rag"; give image and containerPort for a custom image, or use mcp'],
  ],
  [
    "another kind that is to come",
    { ...mcp, serviceType: "postgrest", port: 3000 },
    ['serviceType: has no image yet, got "postgrest"; give image and containerPort for a custom image, or use mcp'],
  ],
  [
    "an unknown kind",
    { ...mcp, serviceType: "graphql" },
    ['serviceType: must be one of mcp, rag, postgrest, got "graphql"'],
  ],
  [
    "no reference of an image",
    { ...app, image: "App Image" },
    ['image: must be an image reference such as "registry.example/app:1.0", got "App Image"'],
  ],
  [
    "two versions",
    { ...app, image: "host:5000/app:1", version: "2" },
    [
      'version: cannot be combined with an image that has a tag or digest, got "2" beside "host:5000/app:1"; leave one of them out',
    ],
  ],
  [
    "a version that is no tag",
    { ...app, version: "1 2" },
    ['version: must be a tag of the image such as "1.2.3" or "latest", got "1 2"'],
  ],
  [
    "a release that our image does not hold",
    { ...mcp, version: "0.9.0" },
    ['version: must be "1.4.0" or "latest", got "0.9.0"; give image to run another release'],
  ],
  ["no hosts", { serviceType: "mcp" }, ["hosts: is missing; it has no default"]],
  ["an empty list of hosts", { ...mcp, hosts: [] }, ['hosts: must name at least one host, got none; write ["local"]']],
  ["a host twice", { ...mcp, hosts: ["local", "local"] }, ['hosts[1]: is listed twice, got "local"; remove one']],
  [
    "a host that is not there",
    { ...mcp, hosts: ["host-2"] },
    ['hosts[0]: is not a host of the cluster, got "host-2"; a cluster on one Docker engine has the host "local"'],
  ],
  [
    "an unknown service",
    { ...mcp, service: "main" },
    ['service: is not a service of the cluster that was declared before, got "main"; use one of primary, replica'],
  ],
  [
    "writes over replicas",
    { ...mcp, service: "replica", targetSessionAttrs: "read-write" },
    [
      "targetSessionAttrs: the service replica leads to replicas, where no session is read-write; use one of the services primary",
    ],
  ],
  [
    "a standby behind the primary",
    { ...mcp, targetSessionAttrs: "standby" },
    [
      "targetSessionAttrs: the service primary leads to the primary, where no session is standby; use one of the services replica",
    ],
  ],
  [
    "agents that write to replicas",
    { ...mcp, service: "replica", config: { values: { allow_writes: "true" } } },
    [
      'config.values.allow_writes: the service replica leads to replicas, which take no writes; use one of the services primary, or "false"',
    ],
  ],
  [
    "a port that is taken",
    { ...mcp, port: 5433 },
    ["port: is taken by the service primary of shop, got 5433; choose another, or 0 for any free one"],
  ],
  ["a port below 0", { ...mcp, port: -1 }, ["port: must be a whole number from 0 to 65535, got -1"]],
  [
    "a port that leads nowhere",
    { ...app, port: 80 },
    ["containerPort: is missing; give the port that the program listens on, which port needs"],
  ],
  [
    "a preset's port",
    { ...mcp, containerPort: 80 },
    ["containerPort: is 8080 for this service type, got 80; leave it out"],
  ],
  ["no cores", { ...mcp, cpus: 0 }, ["cpus: must be a number of cores from 0.01 to 128, got 0"]],
  ["cores in quotes", { ...mcp, cpus: "1" }, ['cpus: must be a number, got "1"']],
  [
    "too little memory",
    { ...mcp, memory: "1MB" },
    ['memory: must be a size with its unit kB, MB, GB or TB, from 16MB to 1TB, got "1MB"'],
  ],
  [
    "memory without a unit",
    { ...mcp, memory: "512" },
    ['memory: must be a size with its unit kB, MB, GB or TB, from 16MB to 1TB, got "512"'],
  ],
  [
    "an unknown key of a preset",
    { ...mcp, config: { values: { allow_write: "true", max_rows: "many" } } },
    [
      "config.values.allow_write: is not a key of this service type; keys are allow_writes, max_rows",
      'config.values.max_rows: must be a whole number from 1, in quotes, such as "1000", got "many"',
    ],
  ],
  [
    "a preset's path",
    { ...mcp, config: { path: "/etc/x", values: {} } },
    ['config.path: is fixed for this service type, got "/etc/x"; leave it out'],
  ],
  [
    "a file without a path",
    { ...app, config: { values: {} } },
    ['config.path: is missing; give the path where the program reads it, such as "/etc/app/config.json"'],
  ],
  [
    "a path that leads elsewhere",
    { ...app, config: { path: "/etc/../run/x", values: {} } },
    ['config.path: must be an absolute path of a file such as "/etc/app/config.json", got "/etc/../run/x"'],
  ],
  [
    "a path among the connection's files",
    { ...app, config: { path: "/run/pgharbor/connection/uri", values: {} } },
    [
      'config.path: is in the folder of the connection\'s files, got "/run/pgharbor/connection/uri"; choose another folder',
    ],
  ],
  [
    "a path of the kernel",
    { ...app, secretFiles: ["/proc/self/environ"] },
    [
      'secretFiles["/proc/self/environ"]: is in a file system of the kernel, got "/proc/self/environ"; choose another folder',
    ],
  ],
  [
    "one path for two files",
    { ...app, config: { path: "/etc/app", values: {} }, secretFiles: ["/etc/app"] },
    ['secretFiles["/etc/app"]: is the path of another file; choose another'],
  ],
  [
    "lines that break",
    { ...app, config: { path: "/etc/app.conf", values: { "a b": "1", c: "1\nd=2" } } },
    [
      'config.values["a b"]: is not a valid key of a line key=value; use letters, digits and _.-',
      "config.values.c: must be one line: the file has lines key=value; use a .json, .yaml or .toml file for more",
    ],
  ],
  [
    "a password in the configuration",
    { ...app, config: { path: "/etc/app.json", values: { url: "postgres://u:geheim@db/x" } } },
    [`config.values.url: has a URL with a password, which everyone who sees this stack can read; ${connection}`],
  ],
  [
    "secrets in the environment",
    { ...app, env: { PGPASSWORD: "geheim", URL: "postgres://u:geheim@db/x" } },
    [
      "env.PGPASSWORD: seems to be a secret, and everyone who may inspect containers can read the environment; put it into a file with secretFiles, and the path into PGPASSWORD_FILE",
      "env.URL: has a URL with a password, and everyone who may inspect containers can read the environment; use the connection's files, or secretFiles",
    ],
  ],
  [
    "names in the environment that cannot be, or are ours",
    { ...app, env: { "A-B": "1", PGSERVICEFILE: "/x", PGHARBOR_X: "1" } },
    [
      "env.A-B: is not a valid variable name; use letters, digits and _, no digit first",
      "env.PGSERVICEFILE: is set by pgharbor, to the path of the connection; leave it out",
      "env.PGHARBOR_X: is set by pgharbor, to the path of the connection; leave it out",
    ],
  ],
  ["an empty command", { ...app, command: [] }, ["command: is empty; leave it out for the image's default"]],
  [
    "a password on the command line",
    { ...app, command: ["serve", "postgres://u:geheim@db/x"] },
    [
      "command[1]: has a URL with a password, and a command line is read by everyone on the host; use the connection's files, or secretFiles",
    ],
  ],
  [
    "a command for a preset",
    { ...mcp, command: ["sh"], user: "0:0" },
    [
      "command: applies only to a custom image: this service type has its own; leave it out",
      "user: applies only to a custom image: this service type has its own; leave it out",
    ],
  ],
  [
    "a user by name",
    { ...app, user: "app" },
    ['user: must be a numeric user and group such as "1000:1000", got "app"'],
  ],
  [
    "a health check that cannot be",
    { ...app, healthcheck: { command: [], interval: "soon", retries: 0 } },
    [
      "healthcheck.retries: must be a whole number from 1 to 100, got 0",
      'healthcheck.command: is empty; give a program of the image, such as ["curl", "-fsS", "http://127.0.0.1:8080/health"]',
      'healthcheck.interval: must be a duration with its unit ms, s, min or h, up to 1h, got "soon"',
    ],
  ],
  [
    "capabilities that cannot be",
    { ...app, capabilities: ["ALL", "CAP_CHOWN", "CHOWN", "CHOWN"] },
    [
      'capabilities[0]: must be one capability of Linux without CAP_, such as "NET_BIND_SERVICE", got "ALL"',
      'capabilities[1]: must be one capability of Linux without CAP_, such as "NET_BIND_SERVICE", got "CAP_CHOWN"',
      'capabilities[3]: is listed twice, got "CHOWN"; remove one',
    ],
  ],
])("a bad program gets every problem, and no other: %s", (_, spec, problems) => {
  expect(problemsOf(spec)).toEqual(problems);
});

describe("the Service of it on Kubernetes", () => {
  const onKubernetes: Partial<SupportingServiceContext> = {
    platform: "kubernetes",
    takenPorts: [],
    takenNodePorts: [{ port: 30_001, by: "the service replica of shop" }],
  };
  const anywhere = "10.0.0.0/8";

  test.each<[string, object]>([
    ["none", mcp],
    ["nothing said", { ...mcp, kubernetes: {} }],
    [
      "a load balancer with all it may have",
      {
        ...app,
        containerPort: 3000,
        port: 443,
        kubernetes: {
          type: "LoadBalancer",
          nodePort: 30_002,
          annotations: { "example.com/kind": "internal" },
          sourceRanges: [anywhere],
          externalTrafficPolicy: "Local",
        },
      },
    ],
    ["the port of a PostgreSQL service, whose Service is another", { ...mcp, port: 5433 }],
  ])("passes: %s", (_, spec) => {
    expect(problemsOf(spec, "mcp", onKubernetes)).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    [
      "what only other types have: it is ClusterIP whatever the cluster's own are",
      { ...mcp, kubernetes: { nodePort: 30_002, sourceRanges: [anywhere], externalTrafficPolicy: "Local" } },
      [
        'kubernetes.nodePort: has no effect with type "ClusterIP", got 30002; use type "NodePort" or "LoadBalancer", or leave it out',
        'kubernetes.externalTrafficPolicy: has no effect with type "ClusterIP"; use type "NodePort" or "LoadBalancer", or leave it out',
        'kubernetes.sourceRanges: has no effect with type "ClusterIP"; use type "LoadBalancer", or kubernetes.networkPolicy.clients of the cluster',
      ],
    ],
    [
      "a port of the nodes that is taken",
      { ...mcp, kubernetes: { type: "NodePort", nodePort: 30_001 } },
      ["kubernetes.nodePort: is taken by the service replica of shop, got 30001; choose another"],
    ],
    [
      "a Service that leads nowhere",
      { ...app, kubernetes: { type: "NodePort" } },
      ["containerPort: is missing; give the port that the program listens on, which a Service needs"],
    ],
    [
      "an annotation that is ours",
      { ...mcp, kubernetes: { annotations: { "pgharbor.x": "1" } } },
      ['kubernetes.annotations["pgharbor.x"]: is set by pgharbor, Pulumi, kubectl or Kubernetes; choose another name'],
    ],
    [
      "wrong types",
      { ...mcp, kubernetes: { type: "Ingress" } },
      ['kubernetes.type: must be one of ClusterIP, NodePort, LoadBalancer, got "Ingress"'],
    ],
  ])("is refused: %s", (_, spec, problems) => {
    expect(problemsOf(spec, "mcp", onKubernetes)).toEqual(problems);
  });

  test("and of none on Docker", () => {
    expect(problemsOf({ ...mcp, kubernetes: { type: "Ingress" } }, "mcp", { platform: "docker" })).toEqual([
      'kubernetes.type: must be one of ClusterIP, NodePort, LoadBalancer, got "Ingress"',
      "kubernetes: applies only on Kubernetes, and this cluster is on Docker; leave it out",
    ]);
  });
});

test.each([
  ["taken", 'name: is taken by a supporting service of the cluster, got "taken"; choose another'],
  [
    "My_Service",
    'name: must be lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 63, got "My_Service"',
  ],
  [`a${"b".repeat(59)}`, `name: makes a container name of 71 characters, got "a${"b".repeat(59)}"; shorten it by 8`],
])("a name that cannot be: %s", (name, problem) => {
  expect(problemsOf(mcp, name)).toEqual([problem]);
});

test("any invalid input is reported and not thrown", () => {
  for (const hostile of [null, 1, "x", [], { hosts: "local" }, { hosts: [null], image: {}, env: [], config: 1 }])
    expect(problemsOf(hostile as object).length).toBeGreaterThan(0);
});
