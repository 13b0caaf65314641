import type { PodLocation } from "../../clients/kubernetes/connection/client";
import type { Handler } from "../provider/handler";
import { UNKNOWN } from "../provider/handler";
import { rememberConnection } from "./remember-connection";

interface Inputs extends PodLocation {
  size: number;
}
const done: string[] = [];
const handler = rememberConnection<Inputs, Inputs>({
  diff: async (_id, olds, news) => ({ changes: olds.size !== news.size, replaces: [] }),
  create: async (inputs) => ({ id: "x", outs: inputs }),
  update: async (_id, _olds, news) => {
    done.push(`update ${news.size}`);
    return { outs: news };
  },
} satisfies Handler<Inputs>);

const kubernetes = { namespace: "data", account: { name: "shop-members", uid: "1" } };
const olds: Inputs = { size: 1, kubernetes, kubeconfig: "a token of yesterday" };
const diff = async (news: Partial<Inputs>) => (await handler.diff("x", olds, { ...olds, ...news })).changes;

beforeEach(() => (done.length = 0));

test("a new connection is a change, and one unknown in a preview is not", async () => {
  expect(await diff({})).toBe(false);
  expect(await diff({ kubeconfig: "a token of today" })).toBe(true);
  expect(await diff({ kubeconfig: undefined })).toBe(true);
  expect(await diff({ kubernetes: { ...kubernetes, account: { name: "shop-members", uid: "2" } } })).toBe(true);
  expect(await diff({ kubeconfig: UNKNOWN })).toBe(false);
  expect(await diff({ kubernetes: { ...kubernetes, account: { name: "shop-members", uid: UNKNOWN } } })).toBe(false);
});

test("a new connection is only stored; any other change goes to the handler", async () => {
  const news = { ...olds, kubeconfig: "a token of today" };
  expect((await handler.update("x", olds, news)).outs).toEqual(news);
  const { kubeconfig: _none, ...ambient } = olds;
  expect((await handler.update("x", olds, ambient)).outs).toEqual(ambient);
  expect(done).toEqual([]);
  await handler.update("x", olds, { ...news, size: 2 });
  expect(done).toEqual(["update 2"]);
});
