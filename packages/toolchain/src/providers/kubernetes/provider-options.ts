import { UNKNOWN, textOf, type Properties, type Value } from "../protocol/values";

/** The provider's arguments, with what the environment says for those that are not given. */
export interface ProviderOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly namespace?: string;
  readonly deleteUnreachable: boolean;
  readonly skipUpdateUnreachable: boolean;
  readonly enablePatchForce: boolean;
  readonly enableConfigMapMutable: boolean;
  readonly enableSecretMutable: boolean;
  readonly upsertExistingObjects: boolean;
}

const SWITCHES = {
  deleteUnreachable: "PULUMI_K8S_DELETE_UNREACHABLE",
  skipUpdateUnreachable: "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
  enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
  enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
  enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
  upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
} as const;

export function providerOptions(config: Properties, environment: NodeJS.ProcessEnv = process.env): ProviderOptions {
  const flag = (name: keyof typeof SWITCHES) => String(config[name] ?? environment[SWITCHES[name]] ?? "") === "true";
  return {
    kubeconfig: kubeconfigText(config.kubeconfig),
    context: textOf(config.context),
    cluster: textOf(config.cluster),
    namespace: textOf(config.namespace),
    deleteUnreachable: flag("deleteUnreachable"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable"),
    enablePatchForce: flag("enablePatchForce"),
    enableConfigMapMutable: flag("enableConfigMapMutable"),
    enableSecretMutable: flag("enableSecretMutable"),
    upsertExistingObjects: flag("upsertExistingObjects"),
  };
}

/** It may be given as an object, too. */
export function kubeconfigText(value: Value | undefined): string | undefined {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : textOf(value);
}

/** What the stand-in does not have is refused, rather than done differently. */
export function configProblems(config: Properties): { property: string; reason: string }[] {
  const failures: { property: string; reason: string }[] = [];
  const official = "the offline stand-in has no such mode: install the official kubernetes plugin";
  if (textOf(config.renderYamlToDirectory)) failures.push({ property: "renderYamlToDirectory", reason: official });
  if (String(config.enableServerSideApply ?? process.env.PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY) === "false") {
    failures.push({ property: "enableServerSideApply", reason: `false: ${official}` });
  }
  if (String(config.strictMode) === "true") {
    for (const property of ["kubeconfig", "context"]) {
      if (!textOf(config[property]) && config[property] !== UNKNOWN) {
        failures.push({ property, reason: `strict mode requires Provider "${property}" argument` });
      }
    }
  }
  return failures;
}
