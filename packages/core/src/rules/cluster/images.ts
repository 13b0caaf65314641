import type { ImagesSpec } from "../../spec";
import { show, type Problem } from "../../errors";
import type { Read } from "../../read/read";

/** Docker's grammar of a reference: [host[:port]/]path[:tag][@digest]. */
const part = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const host = "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\\d{1,5})?/)?";
const reference = new RegExp(`^${host}${part}(?:/${part})*(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`);
export const isImageReference = (text: string): boolean => text.length <= 255 && reference.test(text);

export function checkImages(images: Read<ImagesSpec> = {}): Problem[] {
  return Object.entries(images).flatMap(([role, image]) => {
    if (image === undefined || isImageReference(image)) return [];
    return [
      {
        path: `images.${role}`,
        message: `must be an image reference such as "registry.example/pgharbor/${role}:1.0", got ${show(image)}`,
      },
    ];
  });
}
