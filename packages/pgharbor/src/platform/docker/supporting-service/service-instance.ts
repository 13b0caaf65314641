import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../../dynamic/handled-resource";

/** A new instance that is not healthy after 5 minutes fails the update. */
const TIMEOUT_SECONDS = 300;

/** State and health of one instance of a supporting service. A refresh reads them again. */
export class ServiceInstanceState extends HandledResource<"ServiceInstance"> {
  declare readonly state: pulumi.Output<string>;
  declare readonly health: pulumi.Output<string>;
  declare readonly lastHealthAt: pulumi.Output<string | undefined>;

  constructor(
    containerName: string,
    args: { engine: string; container: pulumi.Input<string> },
    opts: pulumi.CustomResourceOptions,
  ) {
    super(
      "ServiceInstance",
      `${containerName}-state`,
      {
        engine: args.engine,
        container: args.container,
        containerName,
        timeoutSeconds: TIMEOUT_SECONDS,
        state: undefined,
        health: undefined,
        lastHealthAt: undefined,
      },
      opts,
    );
  }
}
