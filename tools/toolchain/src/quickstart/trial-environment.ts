/** Docker's variables for the connection to the engine that the set-up found. */
const DOCKER_CONNECTION = ["DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"];

/**
 * Settings of the Pulumi CLI, its language hosts and the providers of Docker and Kubernetes. Their names all begin with
 * PULUMI, DOCKER or KUBE.
 */
const SETTINGS = /^(PULUMI|DOCKER|KUBE)(_|CONFIG$|RNETES_)/;
/**
 * Locations of a user's states and secrets, and credentials for a kubeconfig's exec command (`aws eks get-token`, …).
 */
const CLOUDS = /^(AWS|AZURE|ARM|GOOGLE|GCLOUD|CLOUDSDK|VAULT)_/;

/**
 * The environment of a trial stack: the user's, without settings of Pulumi and its providers. Those are for the user's
 * own stacks, and their passphrase, backend or CLI options would override ours. `clouds`: keep the credentials that a
 * kubeconfig may need.
 */
export function trialEnvironment(
  env: NodeJS.ProcessEnv,
  ours: NodeJS.ProcessEnv,
  { clouds }: { clouds: boolean },
): NodeJS.ProcessEnv {
  const passes = (name: string): boolean =>
    DOCKER_CONNECTION.includes(name) || !(SETTINGS.test(name) || (!clouds && CLOUDS.test(name)));
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => passes(name))), ...ours };
}
