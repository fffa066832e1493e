import { describe, expect, test } from "bun:test";
import { type CodeHostKind, codeHostOf } from "../../src/domain/code-host.ts";

const commit = "3f2c1ab4d5e6f708192a3b4c5d6e7f8091a2b3c4";
const path = "src/pay.ts";

type Setting = CodeHostKind | "auto" | "none";

function linksOf(remote: string | null, setting: Setting = "auto") {
  const host = codeHostOf(remote, setting);
  return host && [host.commit(commit), host.line(commit, path, 42)];
}

describe("each kind has its addresses", () => {
  test.each<[remote: string, setting: Setting, root: string, commitPath: string, linePath: string]>(
    [
      [
        "https://github.com/acme/shop.git",
        "auto",
        "https://github.com/acme/shop",
        `/commit/${commit}`,
        `/blob/${commit}/${path}#L42`,
      ],
      [
        "https://gitlab.com/acme/web/team/shop.git",
        "auto",
        "https://gitlab.com/acme/web/team/shop",
        `/-/commit/${commit}`,
        `/-/blob/${commit}/${path}#L42`,
      ],
      [
        "https://bitbucket.org/acme/shop",
        "auto",
        "https://bitbucket.org/acme/shop",
        `/commits/${commit}`,
        `/src/${commit}/${path}#lines-42`,
      ],
      [
        "https://bitbucket.acme.example/scm/PAY/shop.git",
        "auto",
        "https://bitbucket.acme.example/projects/PAY/repos/shop",
        `/commits/${commit}`,
        `/browse/${path}?at=${commit}#42`,
      ],
      [
        "https://acme.example/tools/bitbucket/scm/~ada/shop.git",
        "bitbucket",
        "https://acme.example/tools/bitbucket/users/ada/repos/shop",
        `/commits/${commit}`,
        `/browse/${path}?at=${commit}#42`,
      ],
      [
        "ssh://git@bitbucket.acme.example:7999/pay/shop.git",
        "auto",
        "https://bitbucket.acme.example/projects/pay/repos/shop",
        `/commits/${commit}`,
        `/browse/${path}?at=${commit}#42`,
      ],
      [
        "https://codeberg.org/acme/shop.git",
        "auto",
        "https://codeberg.org/acme/shop",
        `/commit/${commit}`,
        `/src/commit/${commit}/${path}#L42`,
      ],
      [
        "https://git.kernel.org/pub/scm/git/git.git",
        "auto",
        "https://git.kernel.org/pub/scm/git/git.git",
        `/commit/?id=${commit}`,
        `/tree/${path}?id=${commit}#n42`,
      ],
      [
        "git://cgit.acme.example/shop",
        "auto",
        "https://cgit.acme.example/shop",
        `/commit/?id=${commit}`,
        `/tree/${path}?id=${commit}#n42`,
      ],
    ],
  )("%s", (remote, setting, root, commitPath, linePath) => {
    expect(linksOf(remote, setting)).toEqual([root + commitPath, root + linePath]);
  });
});

describe("the web address", () => {
  test.each<[remote: string, setting: Setting, root: string | null]>([
    // Forms of one address.
    ["https://github.com/acme/shop", "auto", "https://github.com/acme/shop"],
    ["https://GitHub.com/acme/shop/", "auto", "https://github.com/acme/shop"],
    ["git@github.com:acme/shop.git", "auto", "https://github.com/acme/shop"],
    ["github.com:acme/shop.git", "auto", "https://github.com/acme/shop"],
    ["git@github.com:/acme/shop.git", "auto", "https://github.com/acme/shop"],
    ["ssh://git@github.com/acme/shop.git", "auto", "https://github.com/acme/shop"],
    ["ssh://git@ssh.github.com:443/acme/shop.git", "auto", "https://github.com/acme/shop"],
    ["git+ssh://git@github.com/acme/shop.git", "auto", "https://github.com/acme/shop"],
    // Passwords and names are left out.
    ["https://ada:secret@github.com/acme/shop.git", "auto", "https://github.com/acme/shop"],
    [
      "https://token@github.com/acme/shop.git?token=secret#secret",
      "auto",
      "https://github.com/acme/shop",
    ],
    ["ssh://ada:secret@github.com/acme/shop.git", "auto", "https://github.com/acme/shop"],
    // The port of HTTP is that of the web, the port of SSH is not.
    [
      "http://github.acme.example:8080/acme/shop.git",
      "auto",
      "http://github.acme.example:8080/acme/shop",
    ],
    [
      "ssh://git@github.acme.example:2222/acme/shop.git",
      "auto",
      "https://github.acme.example/acme/shop",
    ],
    ["https://[2001:db8::1]:8443/acme/shop.git", "github", "https://[2001:db8::1]:8443/acme/shop"],
    // Names that need encoding.
    ["https://github.com/acme/a%20shop.git", "auto", "https://github.com/acme/a%20shop"],
    ["git@github.com:acme/a#b?c.git", "auto", "https://github.com/acme/a%23b%3Fc"],
    // Told by the setting alone, or told to have none.
    ["https://git.acme.example/acme/shop.git", "auto", null],
    ["https://git.acme.example/acme/shop.git", "github", "https://git.acme.example/acme/shop"],
    ["https://github.com/acme/shop.git", "none", null],
    // No address on the web.
    ["/srv/git/github/shop.git", "github", null],
    ["../shop.git", "github", null],
    ["C:\\github\\shop", "github", null],
    ["file:///srv/github/shop.git", "github", null],
    ["https://github.com/", "auto", null],
    ["https://github.com/shop", "auto", null],
    ["", "github", null],
    // Nothing that leads elsewhere.
    ["javascript://github.com/acme/shop", "github", null],
    ["javascript:alert(1)//github.com/a", "auto", null],
    ["https://github.com/acme/%2e%2e/%2e%2e/shop", "github", null],
    ["https://github.com/acme/%ff/shop", "github", null],
    ["git@github.com:acme/../../shop.git", "github", null],
    ["git@github.com@evil.example:acme/shop.git", "github", null],
    ["ssh://git@-oProxyCommand=x/acme/shop", "github", null],
  ])("of %s as %s", (remote, setting, root) => {
    const links = linksOf(remote, setting);
    expect(links?.[0] ?? null).toBe(root && `${root}/commit/${commit}`);
  });

  test("is none without a remote", () => {
    expect(linksOf(null)).toBeNull();
    expect(linksOf(null, "github")).toBeNull();
  });
});

describe("what a link is made from", () => {
  const host = codeHostOf("https://github.com/acme/shop", "auto");
  const blob = `https://github.com/acme/shop/blob/${commit}`;

  test.each<[path: string, line: number, wanted: string | null]>([
    ["a b/c#d?e.ts", 1, `${blob}/a%20b/c%23d%3Fe.ts#L1`],
    ['"><script>.ts', 7, `${blob}/%22%3E%3Cscript%3E.ts#L7`],
    ["javascript:alert(1)", 1, `${blob}/javascript%3Aalert(1)#L1`],
    ["src\\..\\pay.ts", 1, `${blob}/src%5C..%5Cpay.ts#L1`],
    ["\ud800.ts", 1, `${blob}/%EF%BF%BD.ts#L1`],
    ["../../../evil/x.ts", 1, null],
    ["src/./pay.ts", 1, null],
    ["/etc/passwd", 1, null],
    ["", 1, null],
    ["src/pay.ts", 0, null],
    ["src/pay.ts", Number.NaN, null],
  ])("%j:%p", (path, line, wanted) => {
    expect(host?.line(commit, path, line)).toBe(wanted);
  });

  test.each([
    "",
    "HEAD",
    "3f2c1ab",
    `${commit}/../..`,
    commit.toUpperCase(),
    "javascript:alert(1)",
  ])("%j is no commit", (id) => {
    expect(host?.commit(id)).toBeNull();
    expect(host?.line(id, path, 1)).toBeNull();
  });

  test("commits of SHA-256 are commits", () => {
    const id = "a".repeat(64);
    expect(host?.commit(id)).toBe(`https://github.com/acme/shop/commit/${id}`);
  });
});
