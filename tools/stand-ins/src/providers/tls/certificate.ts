import { randomBytes } from "node:crypto";
import type { CheckFailure, InputSpec, ResourceType } from "../protocol/resource-type";
import { UNKNOWN, type Properties } from "../protocol/values";

const HOUR_MS = 3_600_000;

/** The common inputs of SelfSignedCert and LocallySignedCert. */
export const certificateInputs: { [name: string]: InputSpec } = {
  allowedUses: { type: "list", required: true, replaces: true },
  validityPeriodHours: { type: "number", required: true, replaces: true },
  // Changes only the time from which the certificate is due for renewal, so no new one is issued.
  earlyRenewalHours: { type: "number", computed: true, otherwise: 0 },
  isCaCertificate: { type: "boolean", replaces: true, computed: true, otherwise: false },
};

export const certificateOutputs: ResourceType["outputs"] = {
  certPem: {},
  readyForRenewal: {},
  validityStartTime: {},
  validityEndTime: {},
};

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export function validityFromNow(inputs: Properties): Validity {
  const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000);
  return { notBefore, notAfter: new Date(notBefore.getTime() + Number(inputs.validityPeriodHours) * HOUR_MS) };
}

export function validityOutputs(inputs: Properties, validity: Validity): Properties {
  const outputs = { validityStartTime: rfc3339(validity.notBefore), validityEndTime: rfc3339(validity.notAfter) };
  return { ...outputs, readyForRenewal: isDue({ ...inputs, ...outputs }) };
}

/** The next update replaces a certificate in its last `earlyRenewalHours`. The preview shows this. */
export const renewal: Pick<ResourceType, "read" | "update" | "overdue"> = {
  read: (_id, state) => Promise.resolve({ ...state, readyForRenewal: isDue(state) }),
  update: (_id, state, inputs) =>
    Promise.resolve({ ...state, ...inputs, readyForRenewal: isDue({ ...state, ...inputs }) }),
  overdue: (state, inputs) => (isDue({ ...state, ...inputs }) ? ["readyForRenewal"] : []),
};

function isDue(state: Properties): boolean {
  const end = Date.parse(String(state.validityEndTime));
  return Date.now() >= end - Number(state.earlyRenewalHours ?? 0) * HOUR_MS;
}

/** Hexadecimal, 127 bits: a serial number must be positive. */
export function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] as number) & 0x7f || 1;
  return bytes.toString("hex");
}

export function decimalId(serial: string): string {
  return BigInt(`0x${serial}`).toString();
}

export function checkCertificate(inputs: Properties, known: readonly string[]): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const uses = Array.isArray(inputs.allowedUses) ? inputs.allowedUses : [];
  for (const use of uses.filter((name) => name !== UNKNOWN && !known.includes(String(name)))) {
    failures.push({ property: "allowedUses", reason: `unknown use ${String(use)}; known are ${known.join(", ")}` });
  }
  for (const property of ["validityPeriodHours", "earlyRenewalHours"]) {
    const value = inputs[property];
    if (typeof value === "number" && value < 0) {
      failures.push({ property, reason: `must be 0 or more, got ${value}` });
    }
  }
  return failures;
}

function rfc3339(date: Date): string {
  return date.toISOString().replace(".000Z", "Z");
}
