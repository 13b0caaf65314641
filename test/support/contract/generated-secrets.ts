interface State {
  deployment: { resources: { urn: string; type: string; outputs?: Record<string, unknown> }[] };
}

const FIELDS: Readonly<Record<string, string>> = {
  "random:index/randomPassword:RandomPassword": "result",
  "tls:index/privateKey:PrivateKey": "privateKeyPem",
};

/**
 * Returns every random password and private key of a state that was exported with its secrets. Each is long enough to
 * search for.
 */
export function generatedSecrets(exported: string): { name: string; value: string }[] {
  const state = JSON.parse(exported) as State;
  return state.deployment.resources.flatMap((resource) => {
    const field = FIELDS[resource.type];
    if (field === undefined) return [];
    const secret = resource.outputs?.[field] as { plaintext?: string };
    const value = JSON.parse(secret.plaintext ?? "null") as string;
    // A key is searched for by one of its lines, because line ends differ between formats.
    return [{ name: resource.urn.split("::").pop()!, value: value.includes("\n") ? value.split("\n")[1] : value }];
  });
}
