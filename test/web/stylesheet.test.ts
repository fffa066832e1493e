import { expect, test } from "bun:test";
import { stylesheet } from "../../src/web/assets.ts";

test("the path holds a hash of the text", () => {
  const hash = new Bun.CryptoHasher("sha256").update(stylesheet.text).digest("hex");
  expect(stylesheet.path).toBe(`/style-${hash.slice(0, 16)}.css`);
});

test("it is our CSS as it was written, and asks no host for anything", () => {
  expect(stylesheet.text).toContain("prefers-color-scheme: dark");
  expect(stylesheet.text).not.toMatch(/url\(|@import|https?:/);
});

// WCAG 2.2, success criterion 1.4.3: 4.5 for text of normal size.
test.each(["light", "dark"])("text has enough contrast when it is %s", (scheme) => {
  const [light = "", dark = ""] = stylesheet.text.split("prefers-color-scheme: dark");
  const colours = new Map(
    [...(scheme === "light" ? light : dark).matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(
      ([, name, colour]) => [name, colour],
    ),
  );
  const luminance = (name: string) => luminanceOf(colours.get(name) ?? "");
  const pairs = [
    ...["text", "quiet", "link", "bad"].flatMap((text) =>
      ["page", "card"].map((ground) => [text, ground] as const),
    ),
    ["text", "sunk"],
    ["quiet", "sunk"],
    ["text", "bad-soft"],
    ["quiet", "bad-soft"],
    ["bad", "bad-soft"],
    ["good", "good-soft"],
    ["wait", "wait-soft"],
  ] as const;
  for (const [text, ground] of pairs) {
    const [darker = 0, lighter = 0] = [luminance(text), luminance(ground)].sort((a, b) => a - b);
    const contrast = (lighter + 0.05) / (darker + 0.05);
    expect(`${text} on ${ground}: ${contrast >= 4.5}`).toBe(`${text} on ${ground}: true`);
  }
});

/** Relative luminance as WCAG defines it. */
function luminanceOf(colour: string): number {
  const [red = Number.NaN, green = Number.NaN, blue = Number.NaN] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
