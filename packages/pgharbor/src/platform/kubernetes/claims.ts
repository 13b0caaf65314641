import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { names, type PlannedMember } from "@pgharbor/core";
import type { KubernetesContext } from "./context";
import { labelsOf, metadataOf } from "./metadata";
import { quantity } from "./pod-parts";

/** What becomes of claims is said twice, for a destroy and for a member taken out; Pulumi knows one deletion only. */
export interface ClaimFate {
  /** Pulumi leaves the claim where it is. */
  retainOnDelete: boolean;
  /** Taken out, the member takes its claim along, though a destroy would leave it. */
  deleteOnScaleDown: boolean;
  /** A destroy takes what earlier scale-downs have left. */
  deleteOnDestroy: boolean;
}

export function fateOf({ spec }: KubernetesContext, isFirst: boolean): ClaimFate {
  const { retainOnDelete = false, retainOnScaleDown = false } = spec.storage ?? {};
  return {
    // The first member goes only with the cluster.
    retainOnDelete: retainOnDelete || (retainOnScaleDown && !isFirst),
    deleteOnScaleDown: retainOnDelete && !retainOnScaleDown,
    deleteOnDestroy: retainOnScaleDown && !retainOnDelete,
  };
}

/**
 * The volume of a member. Declared, and not left to the StatefulSet, whose template can never change: so a new size is an
 * update in place, in the preview like any other.
 */
export function makeClaim(
  context: KubernetesContext,
  member: PlannedMember,
  diskBytes: number,
  isFirst: boolean,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.PersistentVolumeClaim {
  const { facts, spec, deletionProtection } = context;
  const name = names.memberVolume(facts.name, member.name);
  return new k8s.core.v1.PersistentVolumeClaim(
    name,
    {
      metadata: metadataOf(context, name, labelsOf(context, "member", { "pgharbor.member": member.name }), {
        // Most classes bind a claim when a pod asks for it.
        "pulumi.com/skipAwait": "true",
        // One that was kept is taken over.
        "pulumi.com/patchForce": "true",
      }),
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: spec.storage?.storageClass,
        resources: { requests: { storage: quantity(diskBytes) } },
      },
    },
    { ...opts, protect: deletionProtection, retainOnDelete: fateOf(context, isFirst).retainOnDelete },
  );
}
