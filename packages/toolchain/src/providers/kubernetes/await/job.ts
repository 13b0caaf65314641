import { idOf, numberAt, textAt, valueAt } from "../kube-object";
import { conditionOf, podProblems, podsOf } from "./pods";
import { READY, type Readiness } from "./readiness";

export const jobReadiness: Readiness = {
  onRead: true,
  start:
    ({ api }) =>
    async (live) => {
      if (conditionOf(live, "Complete")?.status === "True") return READY;
      const failed = conditionOf(live, "Failed");
      if (failed?.status === "True") {
        const said = `[${textAt(failed, "reason")}] ${textAt(failed, "message")}`;
        return { ready: false, failed: true, problems: [said, ...podProblems(await podsOf(api, live))] };
      }
      const count = (name: string) => numberAt(live, "status", name);
      const progress = `(Active: ${count("active")} | Succeeded: ${count("succeeded")} | Failed: ${count("failed")})`;
      const status = valueAt(live, "status", "startTime")
        ? `Waiting for Job "${idOf(live)}" to succeed ${progress}`
        : `Waiting for Job "${idOf(live)}" to start`;
      return { ready: false, status, problems: podProblems(await podsOf(api, live)) };
    },
  suspects: podsOf,
};
