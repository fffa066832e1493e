import { createHash } from "node:crypto";
import text from "./style.css" with { type: "text" };

/** The pages' only stylesheet. Its path changes with its text, so that it may be cached for ever. */
export const stylesheet = {
  type: "text/css; charset=utf-8",
  text,
  path: `/style-${createHash("sha256").update(text).digest("hex").slice(0, 16)}.css`,
};
