import type * as docker from "@pulumi/docker";

type Limits = Pick<docker.ContainerArgs, "memory" | "memorySwap" | "cpuPeriod" | "cpuQuota">;

const MEBIBYTE = 1024 * 1024;
/** The kernel's default, in microseconds. Docker translates a number of cores to a quota of this period, too. */
const CPU_PERIOD = 100_000;

export const mebibytes = (bytes: number): number => Math.floor(bytes / MEBIBYTE);

/**
 * The limits of a container. Memory has no swap: a program is better ended and restarted than slowed down to a crawl; Docker would
 * allow as much swap as memory, which the provider reads back as a difference. Cores are a quota: the provider reads `cpus` back in
 * another form ("1" as "1.0") and would replace the container in every update.
 */
export function containerLimits(memory: number | undefined, cores: number | undefined): Limits {
  return {
    ...(memory === undefined ? {} : { memory: mebibytes(memory), memorySwap: mebibytes(memory) }),
    ...(cores === undefined ? {} : { cpuPeriod: CPU_PERIOD, cpuQuota: Math.round(cores * CPU_PERIOD) }),
  };
}

/** The provider changes them in its state alone, so a change has to replace the container. */
export const REPLACED_LIMITS = ["cpuPeriod", "cpuQuota"];
