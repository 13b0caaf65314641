import { readFileSync } from "node:fs";
import { CATALOGUE_FILE, pinnedImages } from "./pin-images";

test("the package names the images as their sources are now", () => {
  expect(JSON.parse(readFileSync(CATALOGUE_FILE, "utf8"))).toEqual(pinnedImages());
});
