import { trialEnvironment } from "./trial-environment";

const theirs = {
  PATH: "/usr/bin",
  HOME: "/home/u",
  HTTPS_PROXY: "http://proxy:3128",
  NODE_EXTRA_CA_CERTS: "/etc/ca.pem",
  DOCKER_HOST: "tcp://engine:2376",
  DOCKER_TLS_VERIFY: "1",
  DOCKER_CERT_PATH: "/home/u/.docker",
};
const settings = [
  ...["BACKEND_URL", "HOME", "STACK", "ACCESS_TOKEN", "CONFIG", "CONFIG_PASSPHRASE", "CONFIG_PASSPHRASE_FILE"],
  ...[
    "OPTION_REFRESH",
    "EXPERIMENTAL",
    "PREFER_YARN",
    "NODEJS_TYPESCRIPT",
    "K8S_CLIENT_BURST",
    "SELF_MANAGED_STATE_GZIP",
  ],
].map((name) => `PULUMI_${name}`);
const providers = [
  ...["DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_REGISTRY_USER", "DOCKER_REGISTRY_PASS", "DOCKER_CA_MATERIAL"],
  ...["KUBECONFIG", "KUBE_CONTEXT", "KUBE_TOKEN", "KUBERNETES_SERVICE_HOST"],
];
const clouds = ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AZURE_STORAGE_ACCOUNT", "GOOGLE_CREDENTIALS", "VAULT_TOKEN"];
const hostile = (names: string[]) => Object.fromEntries(names.map((name) => [name, "theirs"]));
const everything = { ...theirs, ...hostile([...settings, ...providers, ...clouds]) };

test("of the user's settings of Pulumi and providers a trial stack gets only the connection to Docker", () => {
  expect(trialEnvironment(everything, {}, { clouds: false })).toEqual(theirs);
});

test("a kubeconfig's own command logs in with what the user has", () => {
  expect(trialEnvironment(everything, {}, { clouds: true })).toEqual({ ...theirs, ...hostile(clouds) });
});

test("our variables stay, with any name", () => {
  const ours = { PULUMI_BACKEND_URL: "file:///ours", KUBECONFIG: "/ours/kubeconfig", PATH: "/ours" };
  expect(trialEnvironment(everything, ours, { clouds: false })).toEqual({ ...theirs, ...ours });
});
