import type Docker from "dockerode";
import { requireRunning } from "./container-running";

const seen = (state: object) => ({ inspect: () => Promise.resolve({ State: state }) }) as unknown as Docker.Container;

test("a container that is gone right after its start is an error with its exit code and what to write instead", async () => {
  await expect(requireRunning(seen({ Running: false, Restarting: false, ExitCode: 3 }))).rejects.toThrow(
    /exited immediately with code 3.*`mustRun: false`/,
  );
});

test.each([{ Running: true }, { Running: false, Restarting: true, ExitCode: 3 }])("%j is running", async (state) => {
  await expect(requireRunning(seen(state))).resolves.toBeUndefined();
});
