import { UNKNOWN } from "../provider/handler";
import { withoutPlaceholders } from "./placeholder-text";

test("a server's text that equals a placeholder of Pulumi is escaped at any depth", () => {
  const read = {
    comment: UNKNOWN,
    parameters: { "app.x": UNKNOWN, search_path: ["a", UNKNOWN] },
    limit: 3,
    gone: null,
  };
  expect(withoutPlaceholders(read)).toEqual({
    comment: `text ${UNKNOWN}`,
    parameters: { "app.x": `text ${UNKNOWN}`, search_path: ["a", `text ${UNKNOWN}`] },
    limit: 3,
    gone: null,
  });
});

test("any other text is unchanged", () => {
  const read = { comment: `see ${UNKNOWN}`, owner: "shop", flags: [true, undefined] };
  expect(withoutPlaceholders(read)).toEqual(read);
});
