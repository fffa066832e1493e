import { createHash } from "node:crypto";
import firstEventText from "./first-event.js" with { type: "text" };
import livePreviewText from "./live-preview.js" with { type: "text" };
import styleText from "./style.css" with { type: "text" };

/** What pages load beside themselves. Its path changes with its text, so that it may be cached for ever. */
export type Asset = { path: string; type: string; text: string };

/** The pages' only stylesheet. */
export const stylesheet = asset("style", "css", styleText);
/** Shows what a rule would change while it is typed. */
export const livePreview = asset("live-preview", "js", livePreviewText);
/** Tells that the first event has arrived. */
export const firstEvent = asset("first-event", "js", firstEventText);

export const assets: readonly Asset[] = [stylesheet, livePreview, firstEvent];

function asset(name: string, ending: "css" | "js", text: string): Asset {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const type = `text/${ending === "js" ? "javascript" : ending}; charset=utf-8`;
  return { path: `/${name}-${hash}.${ending}`, type, text };
}
