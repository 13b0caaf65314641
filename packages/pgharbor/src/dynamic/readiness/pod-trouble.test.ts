import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { troubleOf } from "./pod-trouble";

const now = Date.parse("2027-01-01T00:10:00Z");
const pod = (containerStatus: object | undefined, status: object = {}, metadata: object = {}): V1Pod =>
  ({
    metadata: { name: "shop-m1-0", uid: "1", ...metadata },
    status: {
      ...(containerStatus && {
        containerStatuses: [{ name: "patroni", image: "x:1", restartCount: 0, ...containerStatus }],
      }),
      ...status,
    },
  }) as unknown as V1Pod;
const waiting = (reason: string, message?: string, more: object = {}) => ({
  state: { waiting: { reason, message } },
  ...more,
});
const event = (reason: string, message: string): CoreV1Event =>
  ({ reason, message, involvedObject: { uid: "1" } }) as CoreV1Event;
const found = (one: V1Pod, events: CoreV1Event[] = []) => troubleOf([one], events, now);

describe("the reason why a pod does not run", () => {
  it("is an image, in the kubelet's words", () => {
    expect(found(pod(waiting("ImagePullBackOff", "Back-off pulling image")))).toMatchObject({
      kind: "image",
      path: "shop-m1-0/patroni",
      problem: "the container does not start (ImagePullBackOff)",
      value: '"x:1": Back-off pulling image',
      see: "describe pod shop-m1-0",
    });
    expect(found(pod(waiting("InvalidImageName", "couldn't parse")))).toMatchObject({ patienceMs: 0 });
    expect(found(pod(waiting("ContainerCreating")))).toBeUndefined();
  });

  it("is a program that ends repeatedly, not one that ended once", () => {
    const lastState = { terminated: { exitCode: 1, reason: "Error" } };
    expect(found(pod(waiting("CrashLoopBackOff", undefined, { restartCount: 2, lastState })))).toBeUndefined();
    expect(found(pod(waiting("CrashLoopBackOff", undefined, { restartCount: 3, lastState })))).toMatchObject({
      kind: "crash",
      value: "status 1 at its end (Error), 3 times",
      see: "logs shop-m1-0 -c patroni",
    });
    const message = "starting\nFATAL:  one\n\nFATAL:  two\nFATAL:  three\nends\n";
    const logged = { terminated: { ...lastState.terminated, message } };
    expect(found(pod(waiting("CrashLoopBackOff", undefined, { restartCount: 3, lastState: logged })))).toMatchObject({
      value: "status 1 at its end (Error), 3 times: FATAL:  one / FATAL:  two / FATAL:  three",
    });
  });

  it("is a missing node, after a longer wait while one is being added", () => {
    const conditions = [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available" }];
    const lonely = pod(undefined, { conditions });
    expect(found(lonely)).toMatchObject({ kind: "node", value: "0/3 nodes are available", patienceMs: 90_000 });
    expect(found(lonely, [event("TriggeredScaleUp", "1->2")])).toMatchObject({ patienceMs: 600_000 });
  });

  it("is a missing Secret, not a volume that another node still holds", () => {
    const creating = pod(waiting("ContainerCreating"));
    expect(found(creating, [event("FailedMount", 'secret "shop-m1-files" not found')])).toMatchObject({
      kind: "volume",
      value: 'secret "shop-m1-files" not found',
    });
    expect(found(creating, [event("FailedAttachVolume", "Multi-Attach error")])).toBeUndefined();
  });

  it("is a running program that stays unready", () => {
    const running = (startedAt: string) => pod({ ready: false, state: { running: { startedAt } } });
    expect(found(running("2027-01-01T00:08:00Z"))).toMatchObject({ kind: "unwell" });
    expect(found(running("2027-01-01T00:09:30Z"))).toBeUndefined();
  });

  it("is not given for a terminating pod", () => {
    expect(found(pod(waiting("ImagePullBackOff"), {}, { deletionTimestamp: new Date() }))).toBeUndefined();
  });
});
