import type { Properties } from "../../protocol/values";
import { lookAtDeployment } from "./deployment";
import { lookAtPod } from "./pods";
import { lookAtService } from "./service";
import { lookAtStatefulSet } from "./stateful-set";
import { waitForReadiness } from "./wait-for";

function statefulSet(status: Properties, generation = 1, spec: Properties = { replicas: 3 }): Properties {
  return { metadata: { name: "m", generation }, spec, status: { observedGeneration: generation, ...status } };
}

const done = {
  replicas: 3,
  readyReplicas: 3,
  currentReplicas: 3,
  updatedReplicas: 3,
  currentRevision: "a",
  updateRevision: "a",
};

test("a StatefulSet is ready with all replicas of the newest revision, as its controller has seen it", () => {
  const look = (live: Properties, made = live) => lookAtStatefulSet(live, made);
  expect(look(statefulSet(done)).ready).toBe(true);
  expect(look(statefulSet({ ...done, observedGeneration: 1 }, 2)).ready).toBe(false);
  expect(look(statefulSet(done), statefulSet(done, 2)).ready).toBe(false);
  expect(look(statefulSet({ ...done, readyReplicas: 1 }))).toEqual({
    ready: false,
    status: "[1/2] Waiting for StatefulSet to create Pods (1/3 Pods ready)",
    problems: ["1 out of 3 replicas succeeded readiness checks"],
  });
  const rolling = { ...done, currentReplicas: 1, updatedReplicas: 2, updateRevision: "b" };
  expect(look(statefulSet(rolling, 2))).toMatchObject({
    status: "[1/3] Waiting for StatefulSet update to roll out (2/3 Pods ready)",
    problems: [
      "2 out of 3 replicas succeeded readiness checks",
      'StatefulSet controller failed to advance from revision "a" to revision "b"',
    ],
  });
  expect(
    look(
      statefulSet({ observedGeneration: 1, replicas: 0, currentRevision: "a", updateRevision: "a" }, 1, {
        replicas: 0,
      }),
    ).ready,
  ).toBe(true);
  const onDelete = { replicas: 3, updateStrategy: { type: "OnDelete" } };
  expect(look(statefulSet(rolling, 2, onDelete)).ready).toBe(true);
});

test("a Deployment is ready when available and rolled out; refused pods are named", () => {
  const condition = (type: string, status: string, reason = "", message = "") => ({ type, status, reason, message });
  const deployment = (revision: string, ...conditions: Properties[]): Properties => ({
    metadata: { generation: 1, annotations: { "deployment.kubernetes.io/revision": revision } },
    status: { observedGeneration: 1, conditions },
  });
  const set = { spec: { replicas: 2 }, status: { readyReplicas: 2 } };
  const available = condition("Available", "True");
  const first = deployment("1", available);
  expect(lookAtDeployment(first, set, first).ready).toBe(true);
  expect(lookAtDeployment(first, undefined, first).ready).toBe(false);
  const rolling = deployment("2", available, condition("Progressing", "True", "ReplicaSetUpdated"));
  expect(lookAtDeployment(rolling, set, rolling)).toMatchObject({ ready: false });
  const over = deployment("2", available, condition("Progressing", "True", "NewReplicaSetAvailable"));
  expect(lookAtDeployment(over, set, over).ready).toBe(true);
  const refused = deployment(
    "1",
    condition("Available", "False", "Minimum", "none"),
    condition("ReplicaFailure", "True", "FailedCreate", "quota"),
  );
  expect(lookAtDeployment(refused, undefined, refused).problems).toEqual([
    "[Minimum] none",
    "[FailedCreate] quota",
    "Minimum number of live Pods was not attained",
  ]);
});

test("a Service waits for pods that are not ready, and for the address of a load balancer", () => {
  const service = (spec: Properties, status: Properties = {}) => ({ spec: { selector: { a: "b" }, ...spec }, status });
  const behind = (subset: Properties) => ({ subsets: [subset] });
  const ready = behind({ addresses: [{ ip: "1" }] });
  expect(lookAtService(service({}), ready, true).ready).toBe(true);
  expect(lookAtService(service({}), ready, false).ready).toBe(false);
  expect(lookAtService(service({}), behind({ notReadyAddresses: [{ ip: "1" }] }), true).problems).toHaveLength(1);
  expect(lookAtService(service({ clusterIP: "None" }), undefined, false).ready).toBe(true);
  expect(lookAtService(service({ selector: {} }), undefined, false).ready).toBe(true);
  const balancer = { type: "LoadBalancer" };
  expect(lookAtService(service(balancer), ready, true)).toMatchObject({
    ready: false,
    problems: ["Service was not allocated an IP address; does your cloud provider support this?"],
  });
  expect(lookAtService(service(balancer, { loadBalancer: { ingress: [{ ip: "9" }] } }), ready, true).ready).toBe(true);
});

test("a Pod says what keeps it: the scheduler, an image, an exit", () => {
  const pod = (conditions: Properties[], containerStatuses: Properties[] = []) => ({
    metadata: { name: "p", namespace: "n" },
    status: { conditions, containerStatuses },
  });
  const yes = ["PodScheduled", "Initialized"].map((type) => ({ type, status: "True" }));
  const unready = { type: "Ready", status: "False", message: "containers with unready status: [c]" };
  expect(
    lookAtPod(pod([{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" }])).problems,
  ).toEqual(["[Pod n/p]: [Unschedulable] 0/1 nodes"]);
  const waiting = { name: "c", state: { waiting: { reason: "ErrImagePull", message: 'failed to pull "x:1"' } } };
  expect(lookAtPod(pod([...yes, unready], [waiting])).problems).toEqual([
    '[Pod n/p]: containers with unready status: [c] [ErrImagePull] failed to pull "x:1"',
  ]);
  const crashed = {
    name: "c",
    state: {},
    lastState: { terminated: { reason: "Error", exitCode: 3, finishedAt: "t" } },
  };
  expect(lookAtPod(pod([...yes, unready], [crashed])).problems[0]).toContain(
    'container "c" terminated at t (Error: exit code 3)',
  );
  expect(lookAtPod(pod([...yes, { type: "Ready", status: "True" }])).ready).toBe(true);
});

test.each([
  ["condition=Ready", { conditions: [{ type: "Ready", status: "True" }] }, true],
  ["condition=Ready", { conditions: [{ type: "Ready", status: "False", message: "no issuer" }] }, false],
  ["condition=Ready=False", { conditions: [{ type: "Ready", status: "False" }] }, true],
  ["jsonpath={.status.phase}=Issued", { phase: "Issued" }, true],
  ["jsonpath={.status.phase}", {}, false],
  [
    '["condition=Ready", "jsonpath={.status.phase}"]',
    { phase: "x", conditions: [{ type: "Ready", status: "True" }] },
    true,
  ],
])("waiting for %s in %j: %s", async (annotation, status, ready) => {
  const look = waitForReadiness(annotation).start({} as never);
  expect((await look({ status })).ready).toBe(ready);
});

test("an annotation that asks for something else is refused", () => {
  expect(() => waitForReadiness("ready")).toThrow('got "ready"');
});
