import { describe, expect, test } from "bun:test";
import { renderDigestMail } from "../../src/mail/digest-mail.tsx";
import { renderErrorMail } from "../../src/mail/error-mail.tsx";
import { browser, hasBrowser } from "../helpers/browser.ts";
import { sampleErrorMail, sampleEvent, sampleFrame } from "../helpers/sample-error.ts";
import { databaseDown } from "../helpers/sample-held.ts";

const LONG = "x".repeat(400);
const baseUrl = "https://flawless.example.com";

const errorMail = renderErrorMail(
  sampleErrorMail({
    event: sampleEvent({
      exceptionMessage: `${LONG}\n${LONG}`,
      additionalInfo: `Cookie: ${LONG}`,
      frames: [
        sampleFrame({ filename: `/${LONG}.ts`, text: LONG }),
        sampleFrame({ frameLocals: { card: LONG, [LONG.slice(0, 200)]: "1" } }),
      ],
    }),
    culprit: { path: `src/${LONG}.ts`, line: 42, functionName: LONG, text: LONG },
    code: { firstLine: 41, lines: [LONG, `  ${LONG}`, "}"] },
  }),
).html;
const digest = renderDigestMail({
  held: databaseDown(),
  limit: 5,
  timeZone: "UTC",
  links: {
    error: ({ id }) => `${baseUrl}/errors/${id}`,
    allErrors: `${baseUrl}/#a`,
    report: baseUrl,
  },
}).html;
const MAILS = { "about an error": errorMail, digest };

describe.each(Object.entries(MAILS))("a mail %s", (_, html) => {
  test("uses nothing that Outlook or Gmail does not know", () => {
    expect(html).not.toMatch(/flex|grid|position:|<img|<svg|<script|<link|url\(|@import|var\(--/);
    // Gmail reads style sheets in the head only, and none above 16 KB.
    const [head = "", body = ""] = html.split("</head>");
    expect(body).not.toContain("<style");
    expect(head.length).toBeLessThan(8000);
    // Word knows no `max-width`: the table around has a width for it.
    expect(body).toContain('<!--[if mso]><table role="presentation" width="680"');
    expect(body.match(/<!--\[if mso\]>/g)).toHaveLength(2);
  });

  const looks = [375, 700].flatMap((width) =>
    (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
  );
  test.skipIf(!hasBrowser).each(looks)(
    "fits and can be read at $width px, $colorScheme",
    async ({ width, colorScheme }) => {
      const page = await (await browser()).newPage({
        viewport: { width, height: 800 },
        colorScheme,
      });
      try {
        await page.setContent(html);
        const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(overflow).toBeLessThanOrEqual(0);
        expect(await page.evaluate(FAINT)).toEqual([]);
      } finally {
        await page.close();
      }
    },
  );
});

/** Texts whose contrast is below 4.5 (WCAG 2.2, 1.4.3). */
const FAINT = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = channels(color).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 ? behind(element.parentElement) : color;
  };
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.offsetHeight > 0)
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((element) => {
      const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
    })
    .map((element) => element.outerHTML.slice(0, 200));
})()`;
