import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../src/config/config-error.ts";
import { describeOptions } from "../../src/config/describe.ts";
import { type LoadedConfig, type LoadOptions, loadConfig } from "../../src/config/load.ts";
import { OPTION_NAMES } from "../../src/config/options.ts";
import { PROJECT_OPTION_NAMES } from "../../src/config/project-options.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "flawless-projects-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function load(toml: string, more: Partial<LoadOptions> = {}): LoadedConfig {
  writeFileSync(join(dir, "f.toml"), toml);
  const configPath = join(dir, "f.toml");
  return loadConfig({ configPath, flags: {}, cwd: "/", ...more, env: { HOME: dir, ...more.env } });
}

function problemsOf(toml: string, more: Partial<LoadOptions> = {}): readonly string[] {
  try {
    load(toml, more);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => problem.replaceAll(`${dir}/`, ""));
  }
  return [];
}

const two = `
report_error_threshold = 7
email_domain_name = "example.com"
[projects.shop]
repo_dir = "../shop"
report_error_threshold = 1
only_blame_filepaths_matching = ["^src/"]
[projects.shop.keys]
worker = ""
api = "/srv/shop/api"
[projects."big.blog-2_x"]
repo_url = "git@example.com:blog.git"
ignore_vcs_email_domain = true
keys = { web = "C:\\\\blog" }
`;

describe("tables of projects", () => {
  test("have values of their own, and those of the top level for the rest", () => {
    const { config, projects, sources } = load(two);
    const [shop, blog, ...others] = projects;
    expect(others).toEqual([]);
    expect(shop.config).toEqual({
      ...config,
      repo_dir: join(dir, "../shop"),
      report_error_threshold: 1,
      only_blame_filepaths_matching: ["^src/"],
    });
    expect(shop).toMatchObject({
      name: "shop",
      own: ["repo_dir", "report_error_threshold", "only_blame_filepaths_matching"],
      keys: [
        { name: "worker", sourceRoot: "" },
        { name: "api", sourceRoot: "/srv/shop/api" },
      ],
    });
    expect(blog).toEqual({
      name: "big.blog-2_x",
      config: { ...config, repo_url: "git@example.com:blog.git", ignore_vcs_email_domain: true },
      own: ["repo_url", "ignore_vcs_email_domain"],
      keys: [{ name: "web", sourceRoot: "C:\\blog" }],
    });
    expect(config).toMatchObject({ repo_dir: null, repo_url: null, report_error_threshold: 7 });
    expect(sources).toMatchObject({ report_error_threshold: "file", repo_dir: "default" });
  });

  test("inherit what variables and flags say, but their own value counts", () => {
    const { projects } = load(two, {
      env: { FLAWLESS_DEFAULT_CONTACT: "team@example.com" },
      flags: { report_error_threshold: "50", repo_update_interval_seconds: "9" },
    });
    expect(projects.map(({ config }) => config.default_contact)).toEqual(
      Array(2).fill("team@example.com"),
    );
    expect(projects.map(({ config }) => config.report_error_threshold)).toEqual([1, 50]);
    expect(projects.map(({ config }) => config.repo_update_interval_seconds)).toEqual([9, 9]);
  });

  test("a file without them stands for one project, with the values of the top level", () => {
    const { config, projects } = load("repo_dir = 'x'");
    expect(projects).toEqual([{ name: null, config, own: [], keys: null }]);
  });

  test("a project without keys has none of its own", () => {
    expect(load("[projects.shop]\nrepo_dir = '.'").projects[0].keys).toBeNull();
  });

  test("stand in the order of the file, also where names are numbers", () => {
    const { projects } = load(
      ["b", "20", "a", "3"].map((name) => `[projects.${name}]\nrepo_dir = '.'\n`).join(""),
    );
    expect(projects.map(({ name }) => name)).toEqual(["b", "20", "a", "3"]);
  });

  test("names that objects have by themselves are names like others", () => {
    const { projects } = load(
      "[projects.constructor]\nrepo_dir = '.'\n[projects.__proto__]\nrepo_dir = '.'\nkeys.__proto__ = ''",
    );
    expect(projects.map(({ name }) => name)).toEqual(["constructor", "__proto__"]);
    expect(projects[1]?.keys).toEqual([{ name: "__proto__", sourceRoot: "" }]);
  });
});

describe("problems", () => {
  const own = "repo_dir = '.'";
  test.each<[toml: string, wanted: string[]]>([
    [
      "projects = 1",
      ["f.toml:1: projects holds a table for each project, such as [projects.shop]"],
    ],
    [
      "\n[projects]",
      ["f.toml:2: projects holds a table for each project, such as [projects.shop]"],
    ],
    [
      "[[projects]]\nname = 'shop'",
      ["f.toml:1: projects holds a table for each project, such as [projects.shop]"],
    ],
    [
      `[projects]\n${own}`,
      ['f.toml:2: "repo_dir" stands in no project\'s table; those are named [projects.NAME]'],
    ],
    [`[project.shop]\n${own}`, ['f.toml:1: unknown table "project"; did you mean projects?']],
    [
      "port = 1\n[projects.shop]\nport = 2",
      [
        "f.toml:3: port is for all projects: it stands at the top level",
        "f.toml:2: [projects.shop]: needs repo_dir or repo_url",
      ],
    ],
    [
      `[projects.shop]\n${own}\nrepo_brnch_pattern = 'x'`,
      [
        'f.toml:3: unknown option "repo_brnch_pattern" of a project; did you mean repo_branch_pattern?',
      ],
    ],
    [`[projects.shop]\n${own}\nzzzzzzzz = 1`, ['f.toml:3: unknown option "zzzzzzzz" of a project']],
    [
      `[projects.shop]\n${own}\n[projects.shop.key]\nx = ''`,
      ['f.toml:3: unknown option "key" of a project; did you mean keys?'],
    ],
    [
      `[projects.shop]\n${own}\nreport_error_threshold = 'x'\ndefault_contact = 'me'`,
      [
        'f.toml:3: report_error_threshold must be a whole number from 1 to 1000000000, not "x"',
        'f.toml:4: default_contact must be an email address such as "dev@example.com", not "me"',
      ],
    ],
    [
      "[projects.shop]\nrepo_url = 'https://me:geheim@h/a b'",
      [
        'f.toml:2: repo_url must be a git address such as "https://example.com/app.git" or "git@example.com:app.git", not "https://********@h/a b"',
      ],
    ],
    [
      "[projects.shop]\n\n[projects.blog]\nrepo_dir = '.'\nrepo_url = 'git@h:x'",
      [
        "f.toml:1: [projects.shop]: needs repo_dir or repo_url",
        "f.toml:3: [projects.blog]: repo_dir and repo_url exclude one another: set one of them",
      ],
    ],
    [
      `[projects.shop]\n${own}\nignore_vcs_email_domain = true`,
      [
        "f.toml:1: [projects.shop]: ignore_vcs_email_domain needs email_domain_name: the domain to use instead",
      ],
    ],
    [
      `ignore_vcs_email_domain = true\n[projects.a]\n${own}\nemail_domain_name = 'a.org'\n[projects.b]\n${own}`,
      [
        "f.toml:5: [projects.b]: ignore_vcs_email_domain needs email_domain_name: the domain to use instead",
      ],
    ],
    [
      `ignore_vcs_email_domain = 1\nemail_domain_name = 'x y'\n[projects.a]\n${own}\nignore_vcs_email_domain = true`,
      [
        "f.toml:1: ignore_vcs_email_domain must be true or false, not 1",
        'f.toml:2: email_domain_name must be a domain such as "example.com", not "x y"',
      ],
    ],
    [
      `repo_url = 'git@h:x'\n[projects.shop]\n${own}`,
      [
        "f.toml:1: repo_url is for a single project, and there are tables [projects.NAME]: set it in those",
      ],
    ],
    [
      `project_name = 'x'\n[projects.shop]\n${own}\nproject_name = 'y'`,
      [
        "f.toml:4: project_name is for a single project: this one's table names it",
        "f.toml:1: project_name is for a single project, and there are tables [projects.NAME]: take it out",
      ],
    ],
    [
      `[projects."a b"]\n${own}\n[projects.""]\n${own}\n[projects.${"x".repeat(101)}]\n${own}`,
      [
        'f.toml:1: a project\'s name has only letters, digits, ".", "_" and "-", and is at most 100 long, unlike "a b"',
        'f.toml:3: a project\'s name has only letters, digits, ".", "_" and "-", and is at most 100 long, unlike ""',
        `f.toml:5: a project's name has only letters, digits, ".", "_" and "-", and is at most 100 long, unlike "${"x".repeat(99)}…`,
      ],
    ],
    [
      `[projects.shop]\n${own}\nkeys = ["api"]`,
      [
        'f.toml:3: keys must be a table of names and source roots such as { api = "/srv/app", worker = "" }',
      ],
    ],
    [
      `[projects.shop]\n${own}\n[projects.shop.keys]`,
      ["f.toml:3: keys is empty: name a key, or leave the table out to have one"],
    ],
    [
      `[projects.shop]\n${own}\n[projects.shop.keys]\na = ''\nreport_error_threshold = 1\nadmin_password_hash = '$argon2id$'`,
      [
        "f.toml:5: report_error_threshold is an option and no key: it stands above the table keys",
        "f.toml:6: admin_password_hash is an option and no key: it stands at the top level",
      ],
    ],
    [
      `[projects.shop]\n${own}\n[projects.shop.keys]\n"é" = ''\nb = 1\nc = "/x\\n/y"`,
      [
        'f.toml:4: a key\'s name has only letters, digits, ".", "_" and "-", and is at most 100 long, unlike "é"',
        'f.toml:5: "b" must be a source root such as "/srv/app", or "" for none',
        'f.toml:6: "c" must be a source root such as "/srv/app", or "" for none',
      ],
    ],
    [
      "[projects.shop]\nrepo_dri = '.'\n[projects.shop.keys]\na = 1\n[smtp]\nhost = 1",
      [
        'f.toml:2: unknown option "repo_dri" of a project; did you mean repo_dir?',
        'f.toml:4: "a" must be a source root such as "/srv/app", or "" for none',
        'f.toml:5: "smtp" is a table; options stand at the top level, such as smtp_host',
        "f.toml:1: [projects.shop]: needs repo_dir or repo_url",
      ],
    ],
  ])("%j", (toml, wanted) => {
    expect(problemsOf(toml)).toEqual(wanted);
  });

  test("a repository in a variable or a flag, beside tables", () => {
    const found = problemsOf(two, {
      env: { FLAWLESS_REPO_DIR: "/x" },
      flags: { repo_url: "git@example.com:x" },
    });
    expect(found).toEqual([
      "FLAWLESS_REPO_DIR is for a single project, and there are tables [projects.NAME]: set it in those",
      "--repo-url is for a single project, and there are tables [projects.NAME]: set it in those",
    ]);
  });

  test.each([
    ["[projects.a]\nrepo_dir = '.'\ndefault_contact = 'a@b.org'", 1],
    ["default_contact = 'x@y.org'\n[projects.a]\nrepo_dir = '.'\ndefault_contact = 'a@b.org'", 0],
    ["[projects.a]\nrepo_dir = '.'", 0],
  ])("nobody to hear of lost mails is warned of: %j", (toml, count) => {
    const { warnings } = load(toml);
    expect(warnings).toHaveLength(count);
    expect(warnings.join()).toMatch(/^(|default_contact is set for projects only: .*)$/);
  });
});

test("what the example file and the documentation show of projects works", () => {
  const root = join(import.meta.dir, "../..");
  const example = readFileSync(join(root, "config.example.toml"), "utf8");
  const uncommented = example
    .slice(example.indexOf("# ---- Projects ----"))
    .replace(/^#(?=\[|\w+ = )/gm, "");
  const docs = readFileSync(join(root, "docs/configuration.md"), "utf8");
  const [, block = ""] = /```toml\n(.*?)```/s.exec(docs) ?? [];
  for (const toml of [uncommented, block]) {
    expect(load(toml).projects.map(({ name, keys }) => [name, keys])).toEqual([
      [
        "shop",
        [
          { name: "api", sourceRoot: "/srv/app" },
          { name: "worker", sourceRoot: "" },
        ],
      ],
      ["billing", null],
    ]);
  }
});

describe("what is shown", () => {
  test("names the projects that have a value of their own", () => {
    const options = describeOptions(load(two));
    const shown = (name: string) => options.find((option) => option.name === name);
    expect(shown("report_error_threshold")).toMatchObject({
      value: 7,
      source: "file",
      projects: [{ name: "shop", value: 1 }],
    });
    expect(shown("repo_branch_pattern")?.projects).toEqual([]);
    expect(shown("port")?.projects).toBeNull();
    expect(shown("keys")).toMatchObject({
      group: "Projects",
      value: null,
      source: null,
      projects: [
        { name: "shop", value: { worker: "", api: "/srv/shop/api" } },
        { name: "big.blog-2_x", value: { web: "C:\\blog" } },
      ],
    });
  });

  test("hides the password of a project's URL", () => {
    const options = describeOptions(
      load("[projects.shop]\nrepo_url = 'https://me:geheim@example.com/a.git'"),
    );
    expect(JSON.stringify(options)).not.toContain("geheim");
    expect(options.find(({ name }) => name === "repo_url")?.projects).toEqual([
      { name: "shop", value: "https://********@example.com/a.git" },
    ]);
  });

  test("is complete without a configuration", () => {
    expect(describeOptions(null).map(({ name }) => name)).toEqual([...OPTION_NAMES, "keys"]);
  });

  test("no secret, limit or way of mail differs by project", () => {
    const forAll = ["data_dir_path", "email_transport", "email_allowed_domains", "smtp_password"];
    expect(PROJECT_OPTION_NAMES).toEqual(expect.arrayContaining(["repo_dir", "default_contact"]));
    for (const name of forAll) expect(PROJECT_OPTION_NAMES.map(String)).not.toContain(name);
  });
});
