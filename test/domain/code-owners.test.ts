import { describe, expect, test } from "bun:test";
import { ownersOf } from "../../src/domain/code-owners.ts";

/** The paths that one pattern matches, of those asked. */
const matched: [string, string[], string[]][] = [
  // What GitHub's documentation and gitignore's say: pattern, paths that match, paths that do not.
  ["*", ["a.ts", "src/a.ts", "a/b/c/d", ".env"], []],
  ["**", ["a.ts", "src/a.ts"], []],
  ["*.js", ["a.js", "src/a.js", "src/x/b.js", ".js"], ["a.jsx", "a.js.map"]],
  ["*.tar.gz", ["x.tar.gz", "a/x.tar.gz"], ["x.gz"]],
  ["README.md", ["README.md", "docs/README.md"], ["README.mdx", "readme.md", "xREADME.md"]],
  ["/README.md", ["README.md"], ["docs/README.md"]],
  ["/build/logs/", ["build/logs/a", "build/logs/x/a"], ["x/build/logs/a", "build/logs"]],
  [
    "docs/*",
    ["docs/getting-started.md"],
    ["docs/build-app/troubleshooting.md", "x/docs/a.md", "docs"],
  ],
  ["/docs/*", ["docs/a.md"], ["docs/x/a.md", "x/docs/a.md"]],
  ["docs/**", ["docs/a.md", "docs/x/y/a.md"], ["docs", "x/docs/a.md"]],
  ["docs/**/*", ["docs/a.md", "docs/x/y/a.md"], ["docs"]],
  ["docs/**/*.md", ["docs/a.md", "docs/x/y/a.md"], ["docs/a.txt", "x/docs/a.md"]],
  ["docs/*.md", ["docs/a.md"], ["docs/x/a.md", "docs/a.mdx"]],
  ["apps/", ["apps/a", "x/apps/a", "x/apps/y/a"], ["apps", "x/apps", "myapps/a"]],
  ["apps", ["apps", "apps/a", "x/apps", "x/apps/y"], ["apps2/a", "myapps"]],
  ["/docs/", ["docs/a", "docs/x/a"], ["x/docs/a", "docs"]],
  ["docs/", ["docs/a", "x/docs/a"], ["docs"]],
  ["/scripts/", ["scripts/a"], ["x/scripts/a"]],
  ["**/logs", ["logs", "logs/a", "build/logs/a", "deeply/nested/logs/a"], ["logs2/a", "build/log"]],
  ["**/logs/", ["logs/a", "x/logs/a"], ["x/logs"]],
  ["/apps/github", ["apps/github", "apps/github/a"], ["apps/githubs", "x/apps/github"]],
  ["/apps/github/", ["apps/github/a"], ["apps/github"]],
  ["src/pay", ["src/pay", "src/pay/a.ts"], ["src/payments/a.ts", "x/src/pay/a.ts", "src/pay.ts"]],
  ["src/pay*", ["src/pay", "src/payments", "src/payments/a.ts", "src/pay.ts"], ["src/x/pay"]],
  ["a/**/b", ["a/b", "a/x/b", "a/x/y/b", "a/x/b/c"], ["a/xb", "b", "x/a/b"]],
  ["**/a/**", ["a/x", "y/a/x/z"], ["a", "y/a"]],
  ["*/a.ts", ["x/a.ts"], ["a.ts", "x/y/a.ts"]],
  ["/*", ["a.ts", ".env"], ["src/a.ts"]],
  ["/*/", ["src/a.ts", "src/x/a.ts"], ["a.ts"]],
  ["/*.ts", ["a.ts"], ["src/a.ts"]],
  ["a?.ts", ["ab.ts", "x/ab.ts", "aé.ts", "a😀.ts"], ["a.ts", "abc.ts", "a/.ts"]],
  ["a*b*c", ["abc", "aXbYc", "aabbcc"], ["acb", "ab", "a/b/c"]],
  ["a**b", ["ab", "axb"], ["a/b"]],
  ["foo.bar", ["foo.bar"], ["fooxbar"]],
  ["a+b(c)|d", ["a+b(c)|d"], ["aab(c)", "d"]],
  ["path\\ with\\ spaces/", ["path with spaces/a"], ["path/a", "path\\ with\\ spaces/a"]],
  ["\\#file.rb", ["#file.rb", "x/#file.rb"], ["file.rb", "\\#file.rb"]],
  ["a\\*b", ["a*b"], ["axb"]],
  ["\\[id\\]/page.tsx", ["[id]/page.tsx"], ["i/page.tsx", "id/page.tsx"]],
  ["a😀.ts", ["a😀.ts", "x/a😀.ts"], ["a.ts", "a😁.ts"]],
  ["日本/", ["日本/a", "x/日本/b"], ["日/a"]],
  ["Src/", ["Src/a"], ["src/a"]],
  ["$HOME/^a", ["$HOME/^a"], ["HOME/a"]],
  // No code host understands these.
  ["[a-z].js", [], ["a.js", "[a-z].js"]],
  ["/", [], ["a.ts", "src/a.ts"]],
];

describe.each(matched)("%s", (pattern, yes, no) => {
  test.each(yes)("matches %s", (path) => {
    expect(ownersOf([`${pattern} @owner`], path)).toEqual(["@owner"]);
  });
  if (no.length > 0) {
    test.each(no)("does not match %s", (path) => {
      expect(ownersOf([`${pattern} @owner`], path)).toEqual([]);
    });
  }
});

// The example of GitHub's documentation, in short.
const github = `
# Lines that begin with a hash are comments.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  docs@example.com
apps/ @octocat
/docs/ @doctocat
**/logs @octocat
/apps/ @octocat
/apps/github
`.split("\n");

test.each([
  ["README", ["@global-owner1", "@global-owner2"]],
  ["src/a.js", ["@js-owner"]],
  ["cmd/main.go", ["docs@example.com"]],
  ["notes.txt", ["@octo-org/octocats"]],
  ["build/logs/a.txt", ["@octocat"]],
  ["build/logs/a.js", ["@octocat"]],
  ["docs/a.md", ["@doctocat"]],
  ["x/docs/a.md", ["@global-owner1", "@global-owner2"]],
  ["x/apps/a.js", ["@octocat"]],
  ["apps/web/a.js", ["@octocat"]],
  ["apps/github/a.js", []],
])("the last match wins: %s", (path, owners) => {
  expect(ownersOf(github, path)).toEqual(owners);
});

test.each<[string, string[], string[]]>([
  ["an indented line", ["   *.ts @a"], ["@a"]],
  ["tabs between", ["*.ts\t@a\t@b"], ["@a", "@b"]],
  ["a carriage return", ["*.ts @a\r"], ["@a"]],
  ["the same owner twice", ["*.ts @a @a"], ["@a"]],
  ["a hash within a word", ["*.ts @a #x @b"], ["@a"]],
  ["owners of three kinds", ["* @a @org/team a@b.example"], ["@a", "@org/team", "a@b.example"]],
  ["a line whose owners are none is passed over", ["*.ts @a", "*.ts nobody"], ["@a"]],
  ["a line that is not understood is passed over", ["*.ts @a", "[x]*.ts @b"], ["@a"]],
  ["an entry without owners takes them away", ["* @a", "src/"], []],
  ["a section that comes again keeps its owners", ["[A] @a", "[a]", "*.ts"], ["@a"]],
  ["or has others from there on", ["[A] @a", "*.js", "[a] @b", "*.ts"], ["@b"]],
  ["an empty file", [], []],
  ["a lone hash and a lone backslash", ["#", "\\"], []],
])("%s", (_, lines, owners) => {
  expect(ownersOf(lines, "src/a.ts")).toEqual(owners);
});

// As GitLab documents sections.
const gitlab = `
* @general
!vendor/

[Documentation][2] @docs-team
docs/
README.md

^[Database] @db-team
model/db/
config/db/setup.md @docs-team
!model/db/generated/

[documentation]
*.adoc @writer @docs-team
/empty @
[No defaults]
model/
`.split("\n");

test.each([
  ["src/a.ts", ["@general"]],
  ["docs/a.md", ["@general", "@docs-team"]],
  ["README.md", ["@general", "@docs-team"]],
  ["docs/a.adoc", ["@general", "@writer", "@docs-team"]],
  ["model/db/a.sql", ["@general", "@db-team"]],
  ["model/db/generated/a.sql", ["@general"]],
  ["config/db/setup.md", ["@general", "@docs-team"]],
  ["model/a.rb", ["@general"]],
  ["vendor/a.c", []],
])("sections: %s", (path, owners) => {
  expect(ownersOf(gitlab, path)).toEqual(owners);
});

test("a hostile pattern is judged in no time worth mentioning", () => {
  const stars = `${"*a".repeat(60)}b`;
  const deep = `${"**/a/".repeat(60)}b`;
  const path = `${"a".repeat(3000)}/${"a/".repeat(500)}c`;
  expect(ownersOf([`${stars} @a`, `${deep} @b`, `/${deep} @c`], path)).toEqual([]);
});
