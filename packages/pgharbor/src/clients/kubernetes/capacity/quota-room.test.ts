import { formatExplanation } from "@pgharbor/core";
import type { V1LimitRange, V1Pod, V1ResourceQuota } from "@kubernetes/client-node";

import { morePods, withDefaults, type PodDemand } from "./demand";
import { limitRangeProblems } from "./limit-ranges";
import { missingLimits, quotaProblems } from "./quota-room";

const quota = (
  hard: Record<string, string>,
  used: Record<string, string> = {},
  spec: object = {},
): V1ResourceQuota => ({ metadata: { name: "team" }, spec: { hard, ...spec }, status: { hard, used } });
const range = (item: object): V1LimitRange => ({
  metadata: { name: "limits" },
  spec: { limits: [{ type: "Container", ...item }] },
});

const member: PodDemand = {
  what: "member m1",
  argument: "resources",
  labels: { "pgharbor.member": "m1" },
  replicas: 1,
  containers: [
    { name: "patroni", requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
    { name: "lease-guard", requests: { cpu: "50m", memory: "48Mi" }, limits: { cpu: "50m", memory: "48Mi" } },
  ],
};
const gateways: PodDemand = {
  what: "gateways",
  argument: "kubernetes.gatewayResources",
  labels: { "pgharbor.gateway": "shop-gateway" },
  replicas: 2,
  containers: [{ name: "haproxy", requests: { cpu: "50m", memory: "96Mi" }, limits: {} }],
};
const pod = (labels: Record<string, string>, memory: string, phase = "Running"): V1Pod => ({
  metadata: { labels },
  spec: { containers: [{ name: "patroni", resources: { requests: { cpu: "1", memory } } }] },
  status: { phase },
});
const where = { namespace: "shop" };
const messages = (...args: Parameters<typeof quotaProblems>) => quotaProblems(...args).map(formatExplanation);

describe("the additional demand of pods", () => {
  it("is the whole demand of missing pods", () => {
    expect(morePods([member, gateways], [])).toEqual({
      pods: 3,
      "requests.cpu": 1.05 + 0.1,
      "requests.memory": (1024 + 48 + 192) * 1024 ** 2,
      "limits.cpu": 1.05,
      "limits.memory": (1024 + 48) * 1024 ** 2,
    });
  });

  it("is the difference for existing pods, and ignores other pods", () => {
    const live = [
      pod({ "pgharbor.member": "m1", more: "yes" }, "512Mi"),
      pod({ "pgharbor.member": "m1" }, "512Mi", "Failed"),
      pod({ "pgharbor.member": "m2" }, "9Gi"),
    ];
    expect(morePods([member], live)).toMatchObject({ pods: 0, "requests.memory": 560 * 1024 ** 2 });
  });
});

describe("a quota", () => {
  const more = morePods([member], []);

  it("is enough if the rest covers the demand", () => {
    expect(messages([quota({ "requests.memory": "1072Mi", pods: "1", cpu: "1050m" })], more, where)).toEqual([]);
  });

  it("names the demand, the rest, and the argument to change", () => {
    const small = quota(
      { memory: "2Gi", pods: "4", "count/pods": "5" },
      { memory: "1536Mi", pods: "4", "count/pods": "4" },
    );
    expect(messages([small], more, where)).toEqual([
      "resources.memory: does not fit the ResourceQuota team of namespace shop (memory), got 1.05Gi more where 512Mi of 2Gi is left; raise the quota, request less, or give another namespace",
      "members: does not fit the ResourceQuota team of namespace shop (pods), got 1 more where 0 of 4 is left; raise the quota, request less, or give another namespace",
    ]);
  });

  it("is not a problem if only existing pods exceed it", () => {
    expect(messages([quota({ pods: "1", "requests.storage": "1Gi" }, { pods: "3" })], { pods: 0 }, where)).toEqual([]);
  });

  it("that applies to other pods is ignored", () => {
    const hard = { pods: "0" };
    const scoped = (scopeName: string, operator: string, values?: string[]) =>
      quota(hard, {}, { scopeSelector: { matchExpressions: [{ scopeName, operator, values }] } });
    expect(messages([quota(hard, {}, { scopes: ["BestEffort"] })], more, where)).toEqual([]);
    expect(messages([scoped("PriorityClass", "In", ["high"])], more, where)).toEqual([]);
    expect(messages([scoped("PriorityClass", "In", ["high"])], more, { ...where, priorityClass: "high" })).toHaveLength(
      1,
    );
    expect(messages([quota(hard, {}, { scopes: ["NotTerminating"] })], more, where)).toHaveLength(1);
  });

  it("counts volumes by storage class", () => {
    const key = "fast.storageclass.storage.k8s.io/requests.storage";
    expect(quotaProblems([quota({ [key]: "10Gi" })], { [key]: 24 * 1024 ** 3 }, where)).toMatchObject([
      { path: "resources.disk", value: "24Gi more where 10Gi of 10Gi is left" },
    ]);
  });

  it("of limits refuses containers without a limit, unless the namespace has a default", () => {
    const limits = [quota({ "limits.memory": "8Gi" })];
    expect(missingLimits(limits, [member, gateways], where).map(formatExplanation)).toEqual([
      "kubernetes.gatewayResources.memory: a ResourceQuota of namespace shop (limits.memory) admits no container without a limit, got haproxy of gateways; give it, or create a LimitRange in the namespace with a default of memory for containers",
    ]);
    const bare = { ...member, containers: [{ name: "patroni", requests: {}, limits: {} }] };
    expect(missingLimits(limits, [bare, gateways], where)).toMatchObject([
      { path: "resources.memory", value: "patroni of member m1" },
      { path: "kubernetes.gatewayResources.memory", value: "haproxy of gateways" },
    ]);
    const ranges = [range({ _default: { memory: "128Mi" } })];
    const defaulted = { ...gateways, containers: gateways.containers.map((one) => withDefaults(one, ranges)) };
    expect(missingLimits(limits, [member, defaulted], where)).toEqual([]);
    expect(morePods([defaulted], [])).toMatchObject({ "limits.memory": 256 * 1024 ** 2 });
  });
});

describe("a LimitRange", () => {
  const claim = { what: "the volume of a member", name: "shop-m1-data", size: "8Gi", sizeArgument: "resources.disk" };
  const claims = [{ ...claim, classArgument: "kubernetes.storage.storageClass" }];
  const problems = (item: object, demands = [member, gateways]) =>
    limitRangeProblems([range(item)], demands, claims, "shop").map(
      ({ path, problem, value }) => `${path} ${problem}: ${value}`,
    );

  it("refuses values outside the range", () => {
    expect(problems({ max: { memory: "512Mi" } })).toEqual([
      "resources.memory does not fit a LimitRange of namespace shop: at most 512Mi of memory: 1Gi for patroni of member m1",
    ]);
    expect(problems({ min: { cpu: "50m" } })).toEqual([]);
    expect(problems({ type: "Pod", max: { cpu: "1" } })).toEqual([
      "resources.cpu does not fit a LimitRange of namespace shop: at most 1 of cpu: 1.05 for member m1",
    ]);
    expect(problems({ type: "PersistentVolumeClaim", min: { storage: "10Gi" } })).toEqual([
      "resources.disk does not fit a LimitRange of namespace shop: at least 10Gi of storage: 8Gi for the volume of a member",
    ]);
  });

  it("may have a default limit below a container's request", () => {
    const tight = [range({ _default: { memory: "64Mi" } })];
    const defaulted = { ...gateways, containers: gateways.containers.map((one) => withDefaults(one, tight)) };
    expect(problems({}, [defaulted])).toEqual([
      "kubernetes.gatewayResources.memory does not fit a LimitRange of namespace shop: a container without a limit of memory gets 64Mi: 96Mi for haproxy of gateways",
    ]);
  });
});
