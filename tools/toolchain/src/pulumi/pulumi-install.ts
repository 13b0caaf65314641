/** Where something came from, in the words that `npm run doctor` shows. */
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
  /** To be laid over the environment of whatever runs the CLI. */
  readonly env: { readonly [name: string]: string };
}
