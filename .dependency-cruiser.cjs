/** The order of the layers: a folder imports from those before it, never from those after it. ARCHITECTURE.md draws it. */
const orders = {
  "packages/core/src": ["spec", ["names.ts", "ports.ts", "errors.ts"], "read", "model", ["rules", "render"], "plan"],
  "packages/sql/src": [["errors.ts", "quote.ts", "statement.ts"], "desired", "catalog", "ownership", "diff", "apply"],
  "packages/pgharbor/src": ["wait", "clients", "dynamic", "outputs", "platform", "program", "components"],
};

const escaped = (text) => text.replace(/[.]/g, "\\.");
const pathOf = (root, parts) => `^${root}/(${[parts].flat().map(escaped).join("|")})(/|$)`;

const layerRules = Object.entries(orders).flatMap(([root, layers]) =>
  layers.slice(0, -1).map((layer, i) => ({
    name: `${[layer].flat().join("-and-")}-of-${root.split("/")[1]}`,
    severity: "error",
    comment: `${[layer].flat().join(", ")} must not import from a later layer`,
    from: { path: pathOf(root, layer) },
    to: { path: pathOf(root, layers.slice(i + 1).flat()) },
  })),
);

module.exports = {
  forbidden: [
    { name: "no-cycle-of-files", severity: "error", from: {}, to: { circular: true } },
    // The index of a package stands in its root, beside what every layer may use.
    {
      name: "no-cycle-of-folders",
      scope: "folder",
      severity: "error",
      from: { path: "^packages/[^/]+/src/." },
      to: { circular: true, path: "^packages/[^/]+/src/." },
    },
    ...layerRules,
    {
      name: "rules-and-render-apart",
      severity: "error",
      comment: "Rules and files both follow from the model, and neither from the other.",
      from: { path: "^packages/core/src/rules/" },
      to: { path: "^packages/core/src/render/" },
    },
    {
      name: "platforms-apart",
      severity: "error",
      from: { path: "^packages/pgharbor/src/(platform|clients)/docker/" },
      to: { path: "^packages/pgharbor/src/(platform|clients)/kubernetes/" },
    },
    {
      name: "platforms-apart-too",
      severity: "error",
      from: { path: "^packages/pgharbor/src/platform/kubernetes/" },
      to: { path: "^packages/pgharbor/src/(platform|clients)/docker/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    exclude: { path: "\\.test\\.ts$|/dist/|node_modules" },
  },
};
