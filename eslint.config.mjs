import tseslint from "typescript-eslint";

const pulumiFree = {
  patterns: [
    {
      group: ["@pulumi/*", "pgharbor", "@pgharbor/toolchain", "@pgharbor/build-cache", "@pgharbor/kubernetes-node"],
      message: "core and sql are pure: they never import Pulumi.",
    },
  ],
};

export default tseslint.config(
  {
    ignores: [
      "**/dist/**",
      "packages/pgharbor/dynamic/**",
      "**/node_modules/**",
      ".build/**",
      "examples/**",
      "scripts/**",
      "**/*.js",
      "**/*.mjs",
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // An async function without an await makes a rejection of what it throws, as its caller expects.
      "@typescript-eslint/require-await": "off",
      // Interfaces write their functions as methods; objects of plain functions have no `this` to lose.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // A name taken out of an object by destructuring is how a field is left out.
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
    },
  },
  {
    // Matchers such as expect.any() are of type any.
    files: ["test/**", "**/*.test.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  // The protocol's values are checked against a resource type's table before it sees them.
  { files: ["tools/stand-ins/**"], rules: { "@typescript-eslint/no-base-to-string": "off" } },
  { files: ["packages/core/**", "packages/sql/**"], rules: { "no-restricted-imports": ["error", pulumiFree] } },
);
