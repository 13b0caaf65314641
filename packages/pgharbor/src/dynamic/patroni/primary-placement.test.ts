import { execAt as exec } from "../../clients/location";
import { primaryPlacement, type PrimaryPlacementInputs } from "./primary-placement";

jest.mock("../../clients/location", () => ({
  ...jest.requireActual<object>("../../clients/location"),
  execAt: jest.fn(),
}));
const execAt = jest.mocked(exec);

const GB = 1024 ** 3;
const inputs = (memory: number | undefined, config: object = {}): PrimaryPlacementInputs => ({
  engine: "",
  cluster: "shop",
  members: ["m1", "m2"].map((name) => ({ name, container: `shop-${name}` })),
  memberTemplate: { shmSize: memory },
  memory,
  config: { ...config },
});
const update = (olds: PrimaryPlacementInputs, news: PrimaryPlacementInputs) =>
  primaryPlacement.update("shop", olds, news);
const ahead = () => execAt.mock.calls.filter(([, , command]) => command[0] === "patronictl");

beforeEach(() => {
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  execAt.mockReset().mockResolvedValue({ code: 0, stdout: "", stderr: "" });
});
afterEach(() => jest.restoreAllMocks());

const smaller = { postgresql: { parameters: { shared_buffers: "512MB" } } };

test.each([
  ["less", 8 * GB],
  ["a limit where there was none", undefined],
])("with %s memory, what goes with it is there before the members are", async (_, before) => {
  await update(inputs(before), inputs(2 * GB, smaller));
  const command = ["patronictl", "edit-config", "--apply", "-", "--force", "--quiet"];
  expect(ahead()).toEqual([[expect.anything(), "shop-m1", command, { stdin: JSON.stringify(smaller) }]]);
  expect(execAt.mock.calls[0][2]).toEqual(command);
});

test.each([
  ["more", 8 * GB],
  ["as much", 2 * GB],
  ["no limit on", undefined],
])("with %s memory it comes after the members", async (_, now) => {
  await update(inputs(2 * GB), { ...inputs(now), memberTemplate: { image: "another" } });
  expect(ahead()).toEqual([]);
});

test("a member that does not answer is skipped", async () => {
  execAt.mockRejectedValueOnce(new Error("is gone"));
  await update(inputs(8 * GB), inputs(2 * GB));
  expect(ahead().map(([, container]) => container)).toEqual(["shop-m1", "shop-m2"]);
});

test("a new configuration alone is not a change", async () => {
  expect(await primaryPlacement.diff("shop", inputs(GB), inputs(GB, smaller))).toMatchObject({ changes: false });
});
