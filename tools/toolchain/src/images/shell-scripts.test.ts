import { execFileSync } from "node:child_process";
import { isInstalled } from "@pgharbor/build-cache";
import { IMAGES_FOLDER, type ImageName, imageSources } from "./image-sources";

const IMAGES: readonly ImageName[] = ["postgres", "gateway", "etcd"];
const scripts = [
  ...new Set(
    IMAGES.flatMap((image) => imageSources(image))
      .filter(
        ({ path, content }) => path.endsWith(".sh") || /^#!\/bin\/(ba)?sh\n/.test(content.toString("latin1", 0, 20)),
      )
      .map(({ path }) => path),
  ),
];

test("the images' shell scripts are found", () => {
  expect(scripts).toContain("common/bin/pgharbor-apply");
  expect(scripts).toContain("gateway/lib/program.sh");
});

(isInstalled("shellcheck") ? test.each(scripts) : test.skip.each(scripts))("shellcheck passes on %s", (script) => {
  execFileSync("shellcheck", ["--external-sources", "--source-path=.", script], { cwd: IMAGES_FOLDER });
});
