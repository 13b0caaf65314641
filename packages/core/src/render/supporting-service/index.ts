export { renderConfigFile } from "./config-file";
export { renderConnectionJson } from "./connection-json";
export { fitsServiceFile, renderPgServiceConf, type ServiceConnection } from "./pg-service-conf";
