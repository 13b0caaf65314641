/** One jest project a layer: `--selectProjects fast` needs nothing but node. */
const base = {
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript", decorators: true }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  moduleNameMapper: {
    "^@pgharbor/(core|sql)$": "<rootDir>/packages/$1/src",
    "^@pgharbor/(build-cache|kubernetes-node|toolchain)$": "<rootDir>/tools/$1/src",
    "^pgharbor$": "<rootDir>/packages/pgharbor/src",
    // Pulumi's SDK loads npm's 450 modules with it, only to serialize functions.
    "^@npmcli/arborist$": "<rootDir>/test/support/not-loaded.ts",
  },
};
const layer = (displayName, testMatch) => ({ ...base, displayName, testMatch });
module.exports = {
  // Far above what any test needs: on a busy machine mocks take seconds too. Files with servers say more themselves.
  testTimeout: 60_000,
  projects: [
    layer("fast", [
      "<rootDir>/{packages,tools}/*/src/**/*.test.ts",
      "<rootDir>/test/{golden,mocks,structure}/**/*.test.ts",
    ]),
    layer("engine", ["<rootDir>/test/engine/**/*.test.ts"]),
    layer("docker", ["<rootDir>/test/docker/**/*.test.ts"]),
    layer("faults", ["<rootDir>/test/faults/**/*.test.ts"]),
    layer("kubernetes", ["<rootDir>/test/kubernetes/**/*.test.ts"]),
  ],
};
