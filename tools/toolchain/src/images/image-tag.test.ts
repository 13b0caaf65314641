import { sourcesHash } from "./image-sources";
import { imagePlan, imageTag } from "./image-tag";

const file = (path: string, text: string, mode = 0o644) => ({ path, mode, content: Buffer.from(text) });

test.each([
  ["postgres", undefined, /^pgharbor\/postgres:17-[0-9a-f]{12}$/],
  ["postgres", "15", /^pgharbor\/postgres:15-[0-9a-f]{12}$/],
  ["gateway", undefined, /^pgharbor\/gateway:3\.0-[0-9a-f]{12}$/],
  ["etcd", undefined, /^pgharbor\/etcd:3\.5-[0-9a-f]{12}$/],
] as const)("the tag of %s %p", (image, major, tag) => {
  expect(imageTag(image, major)).toMatch(tag);
  expect(imageTag(image, major)).toBe(imageTag(image, major));
});

test("majors have different hashes and Debian releases", () => {
  const [old, current] = [imagePlan("postgres", "15"), imagePlan("postgres", "17")];
  expect(old.tag.split("-")[1]).not.toBe(current.tag.split("-")[1]);
  expect([old.suite, current.suite]).toEqual(["bookworm", "trixie"]);
});

test("a major that no release has is refused with the ones there are", () => {
  expect(() => imageTag("postgres", "9.6")).toThrow(/got '9\.6'; use one of 15, 17/);
});

test.each([
  ["content", [file("a", "2")]],
  ["path", [file("b", "1")]],
  ["mode", [file("a", "1", 0o755)]],
  ["number of files", [file("a", "1"), file("b", "")]],
])("another %s is another hash", (_, files) => {
  expect(sourcesHash(files, {})).not.toBe(sourcesHash([file("a", "1")], {}));
});

test("where one file ends and the next begins matters", () => {
  expect(sourcesHash([file("a", "1"), file("b", "2")], {})).not.toBe(sourcesHash([file("a", "1b"), file("", "2")], {}));
});

test("build arguments count, in any order", () => {
  expect(sourcesHash([], { A: "1", B: "2" })).toBe(sourcesHash([], { B: "2", A: "1" }));
  expect(sourcesHash([], { A: "1" })).not.toBe(sourcesHash([], { A: "2" }));
});
