import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { readDeferred, type DeferredOutputs } from "./deferred-values";

const missing = pulumi.output(unknown) as unknown as pulumi.Output<string>;
const pair = (name: string) => ({
  certificate: pulumi.output(`certificate of ${name}`),
  privateKey: pulumi.secret(`key of ${name}`),
});
const deferred: DeferredOutputs = {
  passwords: { admin: pulumi.secret("pw"), rest: missing },
  certificates: { m1: pair("m1"), m4: { ...pair("m4"), certificate: missing } },
  authorities: { members: pulumi.output("authority") },
  caCertificate: "ca",
};
interface Inside {
  isKnown: Promise<boolean>;
  isSecret: Promise<boolean>;
}
const seen = async (output: pulumi.Output<unknown>) => {
  const { isKnown, isSecret } = output as unknown as Inside;
  return { isKnown: await isKnown, isSecret: await isSecret };
};

test("a text is known or secret only if the values that it reads are", async () => {
  const text = readDeferred(
    deferred,
    ({ certificates, caCertificate }) => `${certificates.m1.certificate}, ${caCertificate}`,
  );
  expect(await seen(text)).toEqual({ isKnown: true, isSecret: false });
  expect(await new Promise((resolve) => text.apply(resolve))).toBe("certificate of m1, ca");
  const key = readDeferred(deferred, ({ certificates }) => certificates.m1.privateKey);
  expect(await seen(key)).toEqual({ isKnown: true, isSecret: true });
  expect(await seen(readDeferred(deferred, ({ certificates }) => certificates.m4.certificate))).toMatchObject({
    isKnown: false,
  });
  expect(await seen(readDeferred(deferred, ({ passwords }) => passwords.rest))).toMatchObject({ isKnown: false });
  expect(await seen(readDeferred(deferred, ({ passwords }) => passwords.admin))).toEqual({
    isKnown: true,
    isSecret: true,
  });
});

test("a missing value is missing for the first call, too", () => {
  expect(readDeferred(deferred, ({ authorities, certificates }) => [authorities.store, certificates.m5])).toBeDefined();
  expect(() => readDeferred(deferred, ({ certificates }) => certificates.m5.certificate)).toThrow();
});
