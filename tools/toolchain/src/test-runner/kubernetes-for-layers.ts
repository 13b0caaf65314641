import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "@pgharbor/build-cache";
import {
  ensureGoPrograms,
  ensureKubernetes,
  ensureNodePackages,
  findKubernetes,
  loadImages,
  removeKubernetes,
} from "@pgharbor/kubernetes-node";
import { ensurePulumi } from "../pulumi";
import type { Setup } from "../set-up";
import type { Layer } from "./layers";
import { differences, type MachinePicture, takePicture } from "./machine-picture";

/** Layers with tests on Kubernetes. */
const LAYERS_ON_KUBERNETES: readonly Layer[] = ["kubernetes"];
/** Killed processes release their resources with a short delay. */
const GONE_MS = 30_000;

/**
 * Provides Kubernetes to the layers that need it. It is built while earlier layers run, brought up just before it is
 * needed, and taken down at the end unless it was already up.
 */
export class KubernetesForLayers {
  private building: Promise<unknown>;
  private readonly wasUp = findKubernetes().then((found) => found !== undefined);
  private ready: Promise<void> | undefined;
  private before: MachinePicture | undefined;

  static for(layers: readonly Layer[], progress: Progress): KubernetesForLayers | undefined {
    if (!layers.some((layer) => LAYERS_ON_KUBERNETES.includes(layer))) return undefined;
    // If no other layer runs meanwhile, the build needs no low priority.
    return new KubernetesForLayers(!LAYERS_ON_KUBERNETES.includes(layers[0]!), progress);
  }

  private constructor(
    private readonly inBackground: boolean,
    private readonly progress: Progress,
  ) {
    this.building = ensureGoPrograms(progress, { inBackground });
    // The layer that needs the build reports its failure. Until then the rejection counts as handled.
    this.building.catch(() => undefined);
  }

  /** Called once Pulumi is set up. Builds the plugin that programs for Kubernetes need. */
  buildProvider(): void {
    const { inBackground } = this;
    this.building = this.building.then(() => ensurePulumi(this.progress, { kubernetes: true, inBackground }));
    this.building.catch(() => undefined);
  }

  /** Called before a layer. If the layer needs Kubernetes, waits until the node is up and has the images. */
  async readyFor(layer: Layer, { docker, images }: Setup): Promise<void> {
    if (!LAYERS_ON_KUBERNETES.includes(layer)) return;
    this.ready ??= this.bringUp([...Object.values(images.postgres), images.gateway], docker);
    await this.ready;
  }

  /**
   * Called at the end. Takes the node down.
   * @returns differences of the machine from its state before the node came up
   */
  async putBack(): Promise<string[]> {
    await this.building.catch(() => undefined);
    if (await this.wasUp) return [];
    await removeKubernetes(this.progress);
    if (this.before === undefined) return [];
    for (const deadline = Date.now() + GONE_MS; ; await sleep(1000)) {
      const left = differences(this.before, await takePicture());
      if (left.length === 0 || Date.now() > deadline) return left;
    }
  }

  private async bringUp(tags: string[], docker: Setup["docker"]): Promise<void> {
    await this.building;
    await ensureNodePackages(this.progress);
    this.before = await takePicture();
    const kubernetes = await ensureKubernetes(this.progress);
    await loadImages(kubernetes, docker.client, tags, this.progress);
  }
}
