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
  ...tseslint.configs.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // A name taken out of an object by destructuring is how a field is left out.
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
    },
  },
  { files: ["packages/core/**", "packages/sql/**"], rules: { "no-restricted-imports": ["error", pulumiFree] } },
);
