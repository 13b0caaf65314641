// Plain JavaScript, because the compiler would make a require() of this import(), and the client is an ES module only.
// It is loaded at the first use: programs that stay on Docker never pay for it.
exports.loadKubernetesClient = () => import("@kubernetes/client-node");
