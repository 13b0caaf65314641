export function loadKubernetesClient(): Promise<typeof import("@kubernetes/client-node")>;
