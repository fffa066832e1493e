import { createHash } from "node:crypto";
import text from "./preview-while-typing.js" with { type: "text" };

/** The pages' only script. Its path changes with its text, so that it may be cached for ever. */
export const livePreview = {
  type: "text/javascript; charset=utf-8",
  text,
  path: `/live-preview-${createHash("sha256").update(text).digest("hex").slice(0, 16)}.js`,
};
