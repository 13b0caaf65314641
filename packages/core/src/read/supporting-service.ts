import {
  ServiceType,
  SessionAttrs,
  type HealthcheckSpec,
  type ServiceConfigSpec,
  type SupportingServiceSpec,
} from "../spec";
import { readKubernetesService } from "./kubernetes";
import { cores, fields, listOf, mapOf, oneOf, text, whole, type Reader } from "./read";

/** The fields of a supporting service with types. */
export const readSupportingService: Reader<SupportingServiceSpec> = fields<SupportingServiceSpec>(
  {
    image: text,
    serviceType: oneOf(Object.values(ServiceType)),
    version: text,
    hosts: listOf(text),
    service: text,
    targetSessionAttrs: oneOf(Object.values(SessionAttrs)),
    port: whole(0, 65_535),
    containerPort: whole(1, 65_535),
    kubernetes: readKubernetesService,
    config: fields<ServiceConfigSpec>({ path: text, values: mapOf(text) }, ["values"]),
    cpus: cores,
    memory: text,
    env: mapOf(text),
    command: listOf(text),
    healthcheck: fields<HealthcheckSpec>(
      { command: listOf(text), interval: text, timeout: text, retries: whole(1, 100), startPeriod: text },
      ["command"],
    ),
    secretFiles: listOf(text),
    user: text,
    capabilities: listOf(text),
  },
  ["hosts"],
);
