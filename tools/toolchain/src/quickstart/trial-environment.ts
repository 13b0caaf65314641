/** Docker's variables for the connection to the engine that the set-up has found. */
const WAY_TO_DOCKER = ["DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"];

/** Settings of Pulumi's command line, its language hosts and the providers of Docker and Kubernetes, all of which say PULUMI, DOCKER or KUBE first. */
const SETTINGS = /^(PULUMI|DOCKER|KUBE)(_|CONFIG$|RNETES_)/;
/** Where a user's states and secrets are, and what a kubeconfig's own command (`aws eks get-token`, …) logs in with. */
const CLOUDS = /^(AWS|AZURE|ARM|GOOGLE|GCLOUD|CLOUDSDK|VAULT)_/;

/**
 * The environment of a trial stack: the user's, but for settings of Pulumi and its providers, which are for stacks of theirs: a passphrase, a
 * backend or an option of the command line would be taken over ours. `clouds`: keep what a kubeconfig may log in with.
 */
export function trialEnvironment(
  env: NodeJS.ProcessEnv,
  ours: NodeJS.ProcessEnv,
  { clouds }: { clouds: boolean },
): NodeJS.ProcessEnv {
  const passes = (name: string): boolean =>
    WAY_TO_DOCKER.includes(name) || !(SETTINGS.test(name) || (!clouds && CLOUDS.test(name)));
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => passes(name))), ...ours };
}
