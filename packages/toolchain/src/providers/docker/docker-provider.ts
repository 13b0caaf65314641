import type { Provider } from "../protocol/resource-type";
import { checkEngineConfig, EngineConnection } from "./connection";
import { containerType } from "./container";
import { networkType } from "./network";
import { remoteImageType } from "./remote-image";
import { volumeType } from "./volume";

const connection = new EngineConnection();

export const dockerProvider: Provider = {
  name: "docker",
  resources: {
    "docker:index/container:Container": containerType(connection),
    "docker:index/network:Network": networkType(connection),
    "docker:index/volume:Volume": volumeType(connection),
    "docker:index/remoteImage:RemoteImage": remoteImageType(connection),
  },
  checkConfig: checkEngineConfig,
  configure: (config) => connection.configure(config),
};
