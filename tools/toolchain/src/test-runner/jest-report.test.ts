import { join } from "node:path";
import { REPO_ROOT } from "../repo-root";
import { failuresOf, type JestReport, slowestOf } from "./jest-report";

const file = (name: string, seconds: number, tests: Record<string, string>): JestReport["testResults"][number] => ({
  name: join(REPO_ROOT, "test", name),
  status:
    Object.keys(tests).length > 0 && Object.values(tests).every((status) => status === "passed") ? "passed" : "failed",
  startTime: 1_000,
  endTime: 1_000 + seconds * 1000,
  assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
});
const report: JestReport = {
  numPassedTests: 2,
  numFailedTests: 1,
  numPendingTests: 0,
  numFailedTestSuites: 2,
  testResults: [
    file("a.test.ts", 3, { "does this": "passed" }),
    file("b.test.ts", 61, { "does that": "failed", "does more": "passed" }),
    file("c.test.ts", 1, {}),
  ],
};

test("failures are listed by layer, file and test; a file that did not load, by name", () => {
  expect(failuresOf("docker", report)).toEqual(["docker: test/b.test.ts: does that", "docker: test/c.test.ts"]);
});

test("the slowest files come first", () => {
  expect(slowestOf(report, 2)).toEqual(["test/b.test.ts 61 s", "test/a.test.ts 3 s"]);
});
