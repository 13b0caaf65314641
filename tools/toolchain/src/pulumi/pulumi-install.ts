/** The origin of a part, as `npm run doctor` shows it. */
export type Origin = "yours" | "official download" | "offline build" | "offline stand-in" | "npm package";

export interface PulumiPlugin {
  readonly name: string;
  readonly version: string;
  readonly origin: Origin;
}

/** A Pulumi that is ready to run the programs of this checkout. */
export interface PulumiInstall {
  /** The CLI's executable. */
  readonly binary: string;
  readonly version: string;
  readonly origin: Origin;
  /** PULUMI_HOME: plugins, workspaces and credentials of our own, so that the user's ~/.pulumi is neither read nor written. */
  readonly home: string;
  readonly plugins: readonly PulumiPlugin[];
  readonly languageHost: { readonly path: string; readonly origin: Origin };
  /** Added to the environment of processes that run the CLI. */
  readonly env: { readonly [name: string]: string };
}
