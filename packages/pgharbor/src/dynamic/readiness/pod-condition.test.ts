import type { V1Deployment, V1Pod } from "@kubernetes/client-node";
import { podsCondition } from "./pod-condition";

const now = Date.parse("2027-01-01T00:10:00Z");
const deployment = (status: object, readinessProbe?: object): V1Deployment =>
  ({
    metadata: { generation: 2 },
    spec: { replicas: 1, template: { spec: { containers: [{ name: "rest", readinessProbe }] } } },
    status: { observedGeneration: 2, ...status },
  }) as unknown as V1Deployment;
const pod = (containerStatus: object, status: object = {}): V1Pod =>
  ({
    metadata: { name: "rest-1" },
    status: { phase: "Running", containerStatuses: [{ name: "rest", restartCount: 0, ...containerStatus }], ...status },
  }) as unknown as V1Pod;
const ready = { conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2027-01-01T00:00:05Z" }] };

describe("the condition of a Deployment", () => {
  it("is running if all pods exist and are current", () => {
    const up = { updatedReplicas: 1, availableReplicas: 1 };
    expect(podsCondition(deployment(up, {}), [pod({ ready: true }, ready)], now)).toMatchObject({
      state: "running",
      health: "healthy",
      lastHealthAt: "2027-01-01T00:00:05.000Z",
    });
    expect(podsCondition(deployment(up), [], now)).toMatchObject({ state: "running", health: "none" });
    const notSeen = podsCondition(deployment({ ...up, observedGeneration: 1 }, {}), [], now);
    expect(notSeen).toMatchObject({ state: "creating", health: "starting" });
    const none = { ...deployment({ replicas: 0 }, {}), spec: { ...deployment({}).spec!, replicas: 0 } };
    expect(podsCondition(none, [], now)).toMatchObject({ state: "failed", reason: "was scaled to zero pods" });
    const former = podsCondition(deployment({ ...up, replicas: 2 }, {}), [], now);
    expect(former).toMatchObject({ state: "creating", health: "starting" });
  });

  it("names the reason, and is final only for trouble that will not pass", () => {
    const pull = { state: { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "x:1"' } } };
    expect(podsCondition(deployment({}), [pod(pull)], now)).toMatchObject({
      state: "failed",
      isFinal: false,
      reason: 'does not start: container rest of pod rest-1: Back-off pulling image "x:1"',
    });
    const crash = { restartCount: 3, state: { waiting: { reason: "CrashLoopBackOff" } } };
    expect(podsCondition(deployment({}), [pod(crash)], now)).toMatchObject({ state: "failed", isFinal: true });
    const conditions = [{ type: "PodScheduled", status: "False", message: "0/1 nodes are available" }];
    expect(podsCondition(deployment({}), [pod({}, { conditions })], now)).toMatchObject({
      state: "creating",
      reason: "finds no node for pod rest-1: 0/1 nodes are available",
    });
  });

  it("is failed if a container has run for a while and is not ready", () => {
    const running = (startedAt: string) => pod({ ready: false, state: { running: { startedAt } } });
    expect(podsCondition(deployment({}, {}), [running("2027-01-01T00:08:00Z")], now)).toMatchObject({
      state: "failed",
      health: "unhealthy",
    });
    expect(podsCondition(deployment({}, {}), [running("2027-01-01T00:09:50Z")], now).state).toBe("creating");
    const slow = (settledMs: number) =>
      podsCondition(deployment({}, {}), [running("2027-01-01T00:08:00Z")], now, settledMs).state;
    expect([slow(180_000), slow(90_000)]).toEqual(["creating", "failed"]);
  });
});
