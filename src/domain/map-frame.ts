import type { Frame } from "./event.ts";
import { foldText } from "./fold-text.ts";
import { mapPath, type PathRoots } from "./map-path.ts";
import type { PathIndex } from "./path-index.ts";

/** When a frame may mean more files than these, they are not read, and it is unsure. */
export const maxCandidates = 50;

/** The paths that a frame may stand for; a single component is enough where its text will tell. */
export function mapFrame(frame: Frame, index: PathIndex, roots: PathRoots): string[] {
  return mapPath(frame.filename, index, roots, foldText(frame.text) !== "");
}
