/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import { visibleLine } from "../mail/bounds.ts";
import { stylesheet } from "./assets.ts";

/** What the frame around a page shows. */
export type Surrounding = {
  title: string;
  /** The page's own entry in the navigation. */
  current: keyof typeof PLACES | null;
  /** Of flawless; null for those who may not know it. */
  version: string | null;
  /** The address of a script of ours; none where left out. */
  script?: string;
};

const PLACES = {
  report: { path: "/", label: "Report" },
  mails: { path: "/mails", label: "Mails" },
  rules: { path: "/admin", label: "Rules" },
  health: { path: "/check_health", label: "Health" },
  access: { path: "/access", label: "Access" },
} as const;

/** A whole HTML document around what a page shows. */
export function renderDocument(surrounding: Surrounding, children: Child): string {
  return `<!DOCTYPE html>\n${(<Layout {...surrounding}>{children}</Layout>).toString()}`;
}

function Layout({ title, current, version, script, children }: Surrounding & { children: Child }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`${visibleLine(title, 120)} – flawless`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={stylesheet.path} />
        {script !== undefined && <script type="module" src={script} />}
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <header class="bar">
          <div class="width">
            <a class="brand" href="/">
              flawless
            </a>
            <nav aria-label="Pages">
              {Object.entries(PLACES).map(([name, { path, label }]) => (
                <a href={path} aria-current={name === current ? "page" : undefined}>
                  {label}
                </a>
              ))}
            </nav>
          </div>
        </header>
        <main class="width" id="content">
          {children}
        </main>
        {version !== null && (
          <footer class="width quiet">
            <p>{`flawless ${version}`}</p>
          </footer>
        )}
      </body>
    </html>
  );
}
