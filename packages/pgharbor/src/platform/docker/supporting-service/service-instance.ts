import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../../dynamic/handled-resource";

/** Pulumi waits so long for a new instance: more than 5 minutes in creating is failed. */
const TIMEOUT_SECONDS = 300;

/** Whether one instance of a supporting service runs and is well. A refresh finds out anew. */
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
