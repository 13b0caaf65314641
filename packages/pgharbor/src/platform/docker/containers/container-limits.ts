import type * as docker from "@pulumi/docker";

type Limits = Pick<docker.ContainerArgs, "memory" | "memorySwap" | "cpuPeriod" | "cpuQuota">;

const MEBIBYTE = 1024 * 1024;
/** The kernel's default in microseconds, which Docker also uses for `cpus`. */
const CPU_PERIOD = 100_000;

export const mebibytes = (bytes: number): number => Math.floor(bytes / MEBIBYTE);

/**
 * The limits of a container. There is no swap, because a restart is better than a program that swaps; by default Docker allows as much swap
 * as memory, which the provider would read back as a difference. Cores are a quota, because the provider reads `cpus` "1" back as "1.0" and
 * would replace the container in every update.
 */
export function containerLimits(memory: number | undefined, cores: number | undefined): Limits {
  return {
    ...(memory === undefined ? {} : { memory: mebibytes(memory), memorySwap: mebibytes(memory) }),
    ...(cores === undefined ? {} : { cpuPeriod: CPU_PERIOD, cpuQuota: Math.round(cores * CPU_PERIOD) }),
  };
}

/** The provider applies changes of these only to its state, so a change has to replace the container. */
export const REPLACED_LIMITS = ["cpuPeriod", "cpuQuota"];
