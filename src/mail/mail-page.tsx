/** @jsxImportSource hono/jsx */

import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import type { Link } from "./error-mail-content.ts";
import type { Fact } from "./fact.ts";

export const MONOSPACE = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace";

const SANS = "-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif";

// Mail programs drop what they do not know, so styles are inline; these only turn the colours, make
// room on phones, and indent lines that are wrapped. Gmail drops a whole block for what it does not
// know in it, so there are two. No character in them may need escaping.
const DARK = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #0d1117 !important; }
  .card { background-color: #161b22 !important; border-color: #30363d !important; }
  .cell, .value { color: #e6edf3 !important; border-color: #30363d !important; }
  .quiet { color: #9198a1 !important; }
  .accent { color: #ff7b72 !important; }
  .link { color: #79b8ff !important; }
  .listing { background-color: #0d1117 !important; color: #e6edf3 !important; }
  .culprit { background-color: #4a1d1a !important; }
  .button { background-color: #e6edf3 !important; color: #0d1117 !important; }
}
`;
const LAYOUT = `
.i { padding-left: 44px; text-indent: -44px; }
@media (max-width: 480px) {
  .cell { padding-left: 14px !important; padding-right: 14px !important; }
  .page { padding: 0 !important; }
}
`;

// Outlook for Windows renders with Word, which knows no `max-width` and does not hand fonts down into tables.
const OUTLOOK_HEAD = `<!--[if mso]><style>
td, h1, h2, p, a { font-family: "Segoe UI", Arial, sans-serif; }
pre, .code td { font-family: Consolas, "Courier New", monospace; }
</style><![endif]-->`;
const OUTLOOK_OPENS = `<!--[if mso]><table role="presentation" width="680" align="center" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`;
const OUTLOOK_CLOSES = "<!--[if mso]></td></tr></table><![endif]-->";

type MailPageProps = {
  title: string;
  /** What mailboxes show beside the subject. */
  preheader: string;
  projectName: string | null;
  children: Child;
};

/** The frame of every mail: one column of rows, at most 680 px wide, light or dark. */
export function MailPage({ title, preheader, projectName, children }: MailPageProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{title}</title>
        <style>{LAYOUT}</style>
        <style>{DARK}</style>
        {raw(OUTLOOK_HEAD)}
      </head>
      <body class="page" style="margin:0;padding:0;background-color:#eef0f3">
        <div style="display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px">
          {preheader}
        </div>
        <table
          class="page"
          role="presentation"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          border={0}
          style={`background-color:#eef0f3;font-family:${SANS}`}
        >
          <tr>
            <td class="page" align="center" style="padding:24px 12px">
              {raw(OUTLOOK_OPENS)}
              <table
                class="card"
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                border={0}
                style="max-width:680px;background-color:#ffffff;border:1px solid #d9dde3;border-radius:10px;text-align:left;color:#1f2328"
              >
                <tr>
                  <td
                    class="cell"
                    style="padding:14px 24px;border-bottom:1px solid #d9dde3;font-size:13px"
                  >
                    <b>flawless</b>
                    {projectName !== null && (
                      <span class="quiet" style="color:#57606a">
                        {" · "}
                        {projectName}
                      </span>
                    )}
                  </td>
                </tr>
                {children}
                <tr>
                  <td style="height:16px;line-height:16px;font-size:1px">&nbsp;</td>
                </tr>
              </table>
              {raw(OUTLOOK_CLOSES)}
            </td>
          </tr>
        </table>
      </body>
    </html>
  );
}

type OpeningProps = {
  notes: string[];
  facts: Fact[];
  links: Link[];
  /** The heading. */
  children: Child;
};

/** How a mail begins: what it is about, what to know of it, and where to go. */
export function Opening({ notes, facts, links, children }: OpeningProps) {
  return (
    <>
      <tr>
        <td class="cell" style="padding:24px 24px 8px">
          {children}
          {notes.map((note) => (
            <p class="quiet" style="margin:12px 0 0;font-size:14px;line-height:21px;color:#57606a">
              {note}
            </p>
          ))}
        </td>
      </tr>
      <tr>
        <td class="cell" style="padding:12px 24px 8px">
          <FactTable facts={facts} />
        </td>
      </tr>
      <tr>
        <td class="cell" style="padding:12px 24px 16px">
          <Links links={links} />
        </td>
      </tr>
    </>
  );
}

/** One row of the page under a heading. */
export function Section({ heading, children }: { heading: string; children: Child }) {
  return (
    <tr>
      <td class="cell" style="padding:16px 24px 8px">
        <h2
          class="quiet"
          style="margin:0 0 8px;font-size:12px;line-height:16px;font-weight:600;letter-spacing:0.06em;text-transform:uppercase;color:#57606a"
        >
          {heading}
        </h2>
        {children}
      </td>
    </tr>
  );
}

/** Names beside their values; a name that repeats is written once. */
export function FactTable({ facts }: { facts: Fact[] }) {
  return (
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border={0}>
      {facts.map(({ name, value }, index) => (
        <tr>
          <td
            class="quiet"
            width="92"
            style="padding:3px 12px 3px 0;font-size:13px;line-height:19px;vertical-align:top;white-space:nowrap;color:#57606a"
          >
            {facts[index - 1]?.name === name ? "" : name}
          </td>
          <td
            class="value"
            style="padding:3px 0;font-size:13px;line-height:19px;vertical-align:top;overflow-wrap:anywhere;word-break:break-word"
          >
            {value}
          </td>
        </tr>
      ))}
    </table>
  );
}

/** The first as a button, the others below it. */
function Links({ links: [main, ...others] }: { links: Link[] }) {
  return (
    <>
      {main && (
        <table role="presentation" cellpadding="0" cellspacing="0" border={0}>
          <tr>
            <td class="button" bgcolor="#1f2328" style="border-radius:6px;background-color:#1f2328">
              <a
                class="button"
                href={main.url}
                style="display:inline-block;padding:10px 18px;font-size:14px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:6px"
              >
                {main.label}
              </a>
            </td>
          </tr>
        </table>
      )}
      <p style="margin:12px 0 0;font-size:14px;line-height:28px">
        {others.map(({ label, url }) => (
          <>
            <a class="link" href={url} style="color:#0b57d0;text-decoration:underline">
              {label}
            </a>
            <br />
          </>
        ))}
      </p>
    </>
  );
}

/**
 * Lines as they are, in a box.
 *
 * @param names whether to set off what stands before the first `=` of an indented line
 */
export function Listing({ lines, names = false }: { lines: string[]; names?: boolean }) {
  return (
    <pre
      class="listing"
      style={`margin:0;padding:12px;font-family:${MONOSPACE};font-size:12px;line-height:18px;white-space:pre-wrap;overflow-wrap:anywhere;word-break:break-word;background-color:#f6f8fa;color:#1f2328;border-radius:6px`}
    >
      {lines.map((line) => (
        <div class="i">
          {line === "" ? <br /> : names ? <Named line={indented(line)} /> : indented(line)}
        </div>
      ))}
    </pre>
  );
}

/** Spaces that no line breaks at: a long word would leave them alone on a line. */
function indented(line: string): string {
  return line.replace(/^ +/, (spaces) => "\u00a0".repeat(spaces.length));
}

function Named({ line }: { line: string }) {
  const name = /^\u00a0{4}[^\u00a0=][^=]*(?==)/.exec(line)?.[0];
  if (name === undefined) return <>{line}</>;
  return (
    <>
      <b>{name}</b>
      {line.slice(name.length)}
    </>
  );
}
