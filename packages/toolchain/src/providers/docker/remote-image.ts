import type { ImageInspectInfo } from "dockerode";
import type { ResourceType } from "../protocol/resource-type";
import type { Properties } from "../protocol/values";
import { isMissing, reasonOf, type EngineConnection } from "./connection";
import { ensureImage, localImage } from "./images";
import { textOf } from "./reading";

export function remoteImageType(connection: EngineConnection): ResourceType {
  return {
    inputs: {
      name: { type: "string", required: true, replaces: true },
      build: { type: "object" },
      forceRemove: { type: "boolean" },
      keepLocally: { type: "boolean" },
      platform: { type: "string", replaces: true },
      pullTriggers: { type: "set", replaces: true },
      triggers: { type: "map", replaces: true },
    },
    outputs: { imageId: {}, repoDigest: {} },
    check: (inputs) =>
      inputs.build === undefined
        ? []
        : [
            {
              property: "build",
              reason: "building needs the official docker plugin; the stand-in only finds and pulls",
            },
          ],
    create: async (inputs) => {
      const image = await ensureImage(connection, String(inputs.name), textOf(inputs.platform));
      return { id: image.Id + String(inputs.name), outputs: imageState(image, inputs) };
    },
    read: async (id, state) => {
      // The official provider's id is the image's own with the name after it.
      const name = textOf(state.name) ?? id.replace(/^sha256:[0-9a-f]{64}/, "");
      const image = await localImage(await connection.engine(), name);
      return image && imageState(image, { ...state, name });
    },
    delete: async (_id, state) => {
      if (state.keepLocally === true) return;
      const engine = await connection.engine();
      try {
        await engine.getImage(String(state.name)).remove({ force: state.forceRemove === true });
      } catch (error) {
        if (!isMissing(error)) throw new Error(`removing the image ${String(state.name)}: ${reasonOf(error)}`);
      }
    },
  };
}

function imageState(image: ImageInspectInfo, known: Properties): Properties {
  return { ...known, imageId: image.Id, repoDigest: image.RepoDigests?.[0] ?? "" };
}
