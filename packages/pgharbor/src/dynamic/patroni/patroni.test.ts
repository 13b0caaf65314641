import { execAt as exec } from "../../clients/location";
import { patroni } from "./patroni";

jest.mock("../../clients/location", () => ({
  ...jest.requireActual<object>("../../clients/location"),
  execAt: jest.fn(),
}));
const execAt = jest.mocked(exec);

const inputs = { engine: "", cluster: "shop", members: ["shop-m1", "shop-m2"], config: { ttl: 20 } };
const done = { code: 0, stdout: "{}", stderr: "" };
const failed = (code: number, stderr: string) => ({ code, stdout: "", stderr });
const asked = () => execAt.mock.calls.map(([, member, [, command]]) => `${member} ${command}`);

beforeEach(() => execAt.mockReset());

test("the next member is asked if one cannot answer for the cluster", async () => {
  execAt.mockResolvedValueOnce(done).mockResolvedValueOnce(done);
  execAt.mockResolvedValueOnce(failed(1, "no answer")).mockResolvedValueOnce(done);
  await patroni.create(inputs);
  expect(asked()).toEqual(["shop-m1 wait", "shop-m1 status", "shop-m1 apply-config", "shop-m2 apply-config"]);
});

test("a command that one member has started is not started on another", async () => {
  execAt.mockResolvedValueOnce(done).mockResolvedValueOnce(done);
  execAt.mockResolvedValueOnce(failed(3, "restarting m2\nwaited 600 s for m2 to be back"));
  await expect(patroni.update("shop", inputs, inputs)).rejects.toThrow(/apply-config.*\n.*waited 600 s for m2/);
  expect(asked()).toEqual(["shop-m1 wait", "shop-m1 status", "shop-m1 apply-config"]);
});

test("an empty database that replaces another is an error, unless the other was given up", async () => {
  const now = { ...done, stdout: JSON.stringify({ member: { database_system_identifier: "2" } }) };
  execAt.mockResolvedValue(now);
  const lost = patroni.update("shop", { ...inputs, system: "1" }, inputs);
  await expect(lost).rejects.toThrow(/instead of 1: every copy of that database is lost.*acceptDataLoss: "1"/);
  const accepted = await patroni.update("shop", { ...inputs, system: "1" }, { ...inputs, acceptDataLoss: "1" });
  expect(accepted.outs).toMatchObject({ system: "2" });
});
