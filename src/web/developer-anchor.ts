import { visibleLine } from "../mail/bounds.ts";

/**
 * The `id` of a developer's section: the address itself, so that `/#ada%40example.com` leads there.
 * White space is no part of an id.
 */
export function anchorId(developer: string): string {
  return visibleLine(developer, 320).replace(/\s/g, "-");
}

/** A link to that section. */
export function anchorHref(developer: string): string {
  return `#${encodeURIComponent(anchorId(developer))}`;
}

/** An address, or what stands for nobody, for people. */
export function developerName(developer: string): string {
  return developer === "unknown" ? "Nobody is accused" : visibleLine(developer, 320);
}
