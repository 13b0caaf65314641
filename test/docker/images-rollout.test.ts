import { ImageContainer } from "../support/image-container";

/** How a member brings a configuration into force while single requests to Patroni fail. Patroni itself is not what this is about. */
jest.setTimeout(300_000);

let container: ImageContainer;
beforeAll(async () => {
  container = await ImageContainer.start({ image: "postgres", program: "patroni" });
});
afterAll(() => container?.remove());

interface Run {
  report?: { restarted: string[]; switchover: unknown };
  failure?: string;
}

/** A cluster whose member wants a restart. `failing`: how often each request fails before it is answered. */
async function run(failing: Record<string, number>, seconds = 60): Promise<Run> {
  const code = `
import sys, json
sys.path.insert(0, "/usr/local/lib/pgharbor")
from member import cluster, rollout
from member.rest import RestError

cluster.POLL_SECONDS = 0.05
rollout.PATIENCE_SECONDS = 2.0
failing = json.loads('${JSON.stringify(failing)}')

class Rest:
    def __init__(self):
        self.wants, self.seen, self.config = {"m1", "m2"}, 0, {"old": 1}

    def fail(self, what):
        if failing.get(what, 0) > 0:
            failing[what] -= 1
            raise RestError(f"{what}: HTTP 503: restart failed")

    def cluster(self):
        self.fail("cluster")
        return {"members": [
            {"name": "m1", "role": "replica", "state": "streaming", "api_url": "m1"},
            {"name": "m2", "role": "leader", "state": "running", "api_url": "m2"},
        ]}

    def member(self, url=None):
        self.fail("member")
        self.seen += 1
        return {"dcs_last_seen": self.seen, "pending_restart": url in self.wants}

    def get_config(self):
        return self.config

    def call(self, method, path, body=None, url=None, timeout=10):
        if path == "/config":
            self.config = body
        if path == "/restart":
            if failing.get("lost", 0) > 0:
                failing["lost"] -= 1
                self.wants.discard(url)
                raise RestError("m1/restart: timed out")
            self.fail("restart")
            self.wants.discard(url)
        if path == "/switchover":
            raise RestError("no switchover here")

rest = Rest()
rest.wants.discard("m2")
try:
    print(json.dumps({"report": rollout.Rollout(rest, ${seconds}).apply({"new": 1})}))
except Exception as error:
    print(json.dumps({"failure": f"{type(error).__name__}: {error}"}))
`;
  return JSON.parse(await container.read("python3", "-c", code)) as Run;
}

test("a question without an answer, or a restart that Patroni refuses for now, is asked again", async () => {
  expect(await run({ cluster: 2, member: 3, restart: 2 })).toMatchObject({ report: { restarted: ["m1"] } });
});

test("a restart whose answer was lost is not repeated", async () => {
  expect(await run({ lost: 1, restart: 99 })).toMatchObject({ report: { restarted: ["m1"] } });
});

test("what is refused for good ends with Patroni's words", async () => {
  const { failure } = await run({ restart: 9999 });
  expect(failure).toMatch(/^HalfDone: waited 2 s for Patroni to restart m1: restart: HTTP 503: restart failed$/);
});
