import { describe, expect, test } from "bun:test";
import { parse } from "smol-toml";
import { editDocument, type FileValue } from "../../src/config/edit-file.ts";
import type { OptionName } from "../../src/config/options.ts";

type Values = Partial<Record<OptionName, FileValue>>;

function edit(document: string, values: Values): string {
  return editDocument(document, new Map(Object.entries(values) as [OptionName, FileValue][]));
}

describe("what is set, and where", () => {
  test.each<[string, string, Values, string]>([
    ["an empty file", "", { port: 9028 }, "port = 9028\n"],
    ["a file of comments", "# ours\n", { port: 1 }, "# ours\nport = 1\n"],
    ["a value", "port = 1\n", { port: 2 }, "port = 2\n"],
    ["the comment behind it", "port = 1 # proxy\n", { port: 2 }, "port = 2 # proxy\n"],
    ["a # within a text", 'smtp_user = "a#b" # c\n', { smtp_user: "d" }, 'smtp_user = "d" # c\n'],
    ["a quoted key", '"port" = 1\n', { port: 2 }, "port = 2\n"],
    [
      "the last line without an end",
      "port = 1",
      { timezone: "UTC" },
      'port = 1\ntimezone = "UTC"\n',
    ],
    [
      "comments within an array",
      'email_allowed_domains = [\n  "a.com", # us\n  # them\n  "b.com",\n]\n',
      { email_allowed_domains: ["a.com"] },
      '# us\n# them\nemail_allowed_domains = [ "a.com" ]\n',
    ],
    [
      "nothing where nothing changes",
      'email_allowed_domains = [\n  "a.com", # us\n]\n',
      { email_allowed_domains: ["a.com"] },
      'email_allowed_domains = [\n  "a.com", # us\n]\n',
    ],
    ["what is not set any more", "port = 1 # x\n", { port: null }, "# x\n"],
    ["what was never set", "# a\n", { port: null }, "# a\n"],
    [
      "above the tables",
      '# file\n\n# shop\n[projects.shop]\nrepo_dir = "a"\n',
      { port: 1 },
      '# file\n\nport = 1\n\n# shop\n[projects.shop]\nrepo_dir = "a"\n',
    ],
    [
      "above a table at the very start",
      '[projects.shop]\nrepo_dir = "a"\n',
      { repo_dir: "/b" },
      'repo_dir = "/b"\n\n[projects.shop]\nrepo_dir = "a"\n',
    ],
    [
      "after what is set",
      'port = 1\n\n[projects.shop]\nrepo_dir = "a"\n',
      { timezone: "UTC" },
      'port = 1\ntimezone = "UTC"\n\n[projects.shop]\nrepo_dir = "a"\n',
    ],
    [
      "lines as Windows ends them",
      "port = 1\r\n",
      { timezone: "UTC" },
      'port = 1\r\ntimezone = "UTC"\r\n',
    ],
    [
      "a text over several lines",
      "smtp_user = '''\na # b''' # c\n",
      { smtp_user: "d" },
      'smtp_user = "d" # c\n',
    ],
  ])("%s", (_, document, values, expected) => {
    expect(edit(document, values)).toBe(expected);
  });
});

test("whatever is set: the file says that, and all else as before, comments too", () => {
  const lines = [
    "# a comment",
    "port = 1 # of the proxy",
    'hostname = "https://x#y"',
    "email_allowed_domains = [\n  'a.com', # one\n]",
    'smtp_user = """\na"#\\"""\n"""" # c',
  ];
  const tables = ["", "\n# of it\n[projects.shop]\nrepo_dir = 'a' # x\n"];
  const sets: Values[] = [
    { port: 2, timezone: "UTC" },
    { hostname: null, port: null, smtp_user: null },
    { hostname: 'a"\n# \\', email_allowed_domains: ["b.com", "#"], smtp_user: "'''" },
    { email_allowed_domains: ["a.com"], smtp_user: "# c" },
  ];
  for (let chosen = 0; chosen < 1 << lines.length; chosen++) {
    const top = lines.filter((_, i) => chosen & (1 << i)).map((line) => `${line}\n`);
    for (const table of tables) {
      for (const set of sets) {
        const document = top.join("") + table;
        const result = edit(document, set);
        const wanted = Object.entries<unknown>({ ...parse(document), ...set });
        expect<object>({ ...parse(result) }).toEqual(
          Object.fromEntries(wanted.filter(([, value]) => value !== null)),
        );
        for (const comment of ["# a comment", "# of the proxy", "# one", "# c", "# of it", "# x"]) {
          if (document.includes(comment)) expect(result).toContain(comment);
        }
        expect(edit(result, set)).toBe(result);
      }
    }
  }
});
