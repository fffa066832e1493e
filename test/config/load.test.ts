import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../src/config/config-error.ts";
import { usualFiles } from "../../src/config/find-file.ts";
import { type LoadedConfig, type LoadOptions, loadConfig } from "../../src/config/load.ts";
import { OPTION_NAMES } from "../../src/config/options.ts";

const HASH = "$argon2id$v=19$m=65536,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNo";
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "flawless-config-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function load(toml: string | null, more: Partial<LoadOptions> = {}): LoadedConfig {
  if (toml !== null) writeFileSync(join(dir, "flawless.toml"), toml);
  return loadConfig({ flags: {}, cwd: dir, ...more, env: { HOME: dir, ...more.env } });
}

function problemsOf(toml: string | null, more: Partial<LoadOptions> = {}): string[] {
  try {
    load(toml, more);
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems.map((problem) => problem.replaceAll(`${dir}/`, ""));
    }
    throw error;
  }
  return [];
}

describe("values", () => {
  test("nothing configured: the defaults, all of them", () => {
    const { config, sources, configPath, warnings } = load(null);
    expect(config.port).toBe(9028);
    expect(config.bind_address).toBe("127.0.0.1");
    expect(config.hostname).toBeNull();
    expect(config.report_error_threshold).toBe(3);
    expect(config.email_transport).toBe("outbox");
    expect(config.max_body_bytes).toBe(5_242_880);
    expect(config.data_dir_path).toBe(join(dir, ".local/share/flawless"));
    expect(new Intl.DateTimeFormat("en", { timeZone: config.timezone })).toBeTruthy();
    expect(Object.keys(config).sort()).toEqual([...OPTION_NAMES].sort());
    expect(new Set(Object.values(sources))).toEqual(new Set(["default"]));
    expect({ configPath, warnings }).toEqual({ configPath: null, warnings: [] });
  });

  test("flags win over the environment, that over the file, that over defaults", () => {
    const { config, sources } = load(
      'port = 1\nclient_timeout = 1\nmax_body_bytes = 2048\nlog_level = "debug"',
      {
        env: { FLAWLESS_PORT: "2", FLAWLESS_CLIENT_TIMEOUT: "2" },
        flags: { port: "3", other: true, _: "" },
      },
    );
    expect([config.port, config.client_timeout, config.max_body_bytes]).toEqual([3, 2, 2048]);
    expect([
      sources.port,
      sources.client_timeout,
      sources.max_body_bytes,
      sources.timezone,
    ]).toEqual(["flag", "environment", "file", "default"]);
  });

  test.each([
    ["FLAWLESS_IGNORE_VCS_EMAIL_DOMAIN", "yes", "ignore_vcs_email_domain", true],
    ["FLAWLESS_SMTP_USE_TLS", "true", "smtp_use_tls", "starttls"],
    ["FLAWLESS_SMTP_USE_TLS", "false", "smtp_use_tls", "none"],
    [
      "FLAWLESS_EMAIL_ALLOWED_DOMAINS",
      "Example.com, b.org,",
      "email_allowed_domains",
      ["example.com", "b.org"],
    ],
    [
      "FLAWLESS_ONLY_BLAME_FILEPATHS_MATCHING",
      "[a-z]+",
      "only_blame_filepaths_matching",
      ["[a-z]+"],
    ],
    [
      "FLAWLESS_ONLY_BLAME_FILEPATHS_MATCHING",
      '["a{1,2}", "b"]',
      "only_blame_filepaths_matching",
      ["a{1,2}", "b"],
    ],
    ["FLAWLESS_SMTP_USER", "", "smtp_user", null],
    ["FLAWLESS_PORT", "tcp://10.0.0.1:9028", "port", 9028],
    ["FLAWLESS_HOSTNAME", "https://f.example.com/", "hostname", "https://f.example.com"],
  ] as const)("%s=%s", (variable, text, name, wanted) => {
    const env = { FLAWLESS_EMAIL_DOMAIN_NAME: "example.com", [variable]: text };
    const value: unknown = load(null, { env }).config[name];
    expect(value).toEqual(wanted);
  });

  test("flags may be written with dashes, and booleans are booleans", () => {
    const flags = {
      "data-dir-path": "data",
      "ignore-vcs-email-domain": true,
      "email-domain-name": "a.b",
    };
    const { config } = load(null, { flags });
    expect(config.data_dir_path).toBe(join(dir, "data"));
    expect(config.ignore_vcs_email_domain).toBe(true);
  });

  test("TOML booleans, bare dates and quoted dates", () => {
    const { config } = load("smtp_use_tls = true\nreport_only_after_minimum_date = 2026-02-28");
    expect(config.smtp_use_tls).toBe("starttls");
    expect(config.report_only_after_minimum_date).toBe("2026-02-28");
    expect(load('report_only_after_minimum_date = "2026-02-28"').config).toEqual({
      ...config,
      smtp_use_tls: "starttls",
    });
  });

  test("paths start at the file, in variables at the current folder, with ~ at home", () => {
    mkdirSync(join(dir, "etc"));
    writeFileSync(
      join(dir, "etc/f.toml"),
      'data_dir_path = "data"\nrepo_dir = "~/app"\ngit_cli_path = "bin/git"\nlog_file = "/var/log/f"',
    );
    const { config, configPath } = load(null, { configPath: "etc/f.toml" });
    expect(configPath).toBe(join(dir, "etc/f.toml"));
    expect(config.data_dir_path).toBe(join(dir, "etc/data"));
    expect(config.repo_dir).toBe(join(dir, "app"));
    expect(config.git_cli_path).toBe(join(dir, "etc/bin/git"));
    expect(config.log_file).toBe("/var/log/f");
    expect(load(null, { env: { FLAWLESS_LOG_FILE: "log" } }).config.log_file).toBe(
      join(dir, "log"),
    );
    expect(load(null, { env: { XDG_DATA_HOME: "/x" } }).config.data_dir_path).toBe("/x/flawless");
  });

  test("a secret may lie in a file of its own", () => {
    writeFileSync(join(dir, "secret"), `${HASH}\n`);
    const { config, sources } = load(null, {
      env: { FLAWLESS_ADMIN_PASSWORD_HASH_FILE: "secret" },
      flags: { admin_password_hash: "ignored" },
    });
    expect(config.admin_password_hash).toBe(HASH);
    expect(sources.admin_password_hash).toBe("environment");
  });
});

describe("the file", () => {
  test("is looked for in this order", () => {
    const search = { env: { XDG_CONFIG_HOME: "/xdg" }, cwd: "/work", home: "/home/me" };
    expect(usualFiles(search)).toEqual([
      "/work/flawless.toml",
      "/xdg/flawless/flawless.toml",
      "/etc/flawless/flawless.toml",
    ]);
    expect(usualFiles({ ...search, env: {} })[1]).toBe("/home/me/.config/flawless/flawless.toml");
  });

  test("--conf wins over FLAWLESS_CONF, that over the usual places", () => {
    for (const name of ["a", "b"]) writeFileSync(join(dir, `${name}.toml`), "");
    mkdirSync(join(dir, ".config/flawless"), { recursive: true });
    writeFileSync(join(dir, ".config/flawless/flawless.toml"), "");
    const env = { FLAWLESS_CONF: "b.toml" };
    expect(load(null).configPath).toBe(join(dir, ".config/flawless/flawless.toml"));
    expect(load("").configPath).toBe(join(dir, "flawless.toml"));
    expect(load("", { env }).configPath).toBe(join(dir, "b.toml"));
    expect(load("", { env, configPath: "a.toml" }).configPath).toBe(join(dir, "a.toml"));
  });

  test("a home that is no folder has no file, and one that cannot be looked at is a problem", () => {
    writeFileSync(join(dir, "file"), "");
    expect(load(null, { env: { XDG_CONFIG_HOME: join(dir, "file") } }).configPath).toBeNull();
    const env = { XDG_CONFIG_HOME: `/${"x".repeat(5000)}` };
    expect(problemsOf(null, { env })[0]).toStartWith("cannot read the configuration file /xxx");
  });

  test("that was named but is not there is a problem", () => {
    expect(problemsOf(null, { configPath: "no.toml" })).toEqual([
      "cannot read the configuration file no.toml: it does not exist",
    ]);
    expect(problemsOf(null, { env: { FLAWLESS_CONF: "." } })[0]).toEndWith("it is a folder");
  });
});

describe("problems", () => {
  test.each([
    ["port = 1\n\nprot = 2", ['flawless.toml:3: unknown option "prot"; did you mean port?']],
    ["zzzzzzzzzzz = 2", ['flawless.toml:1: unknown option "zzzzzzzzzzz"']],
    ["Smtp-Host = 2", ['flawless.toml:1: unknown option "Smtp-Host"; did you mean smtp_host?']],
    [
      "[smtp]\nhost = 1",
      ['flawless.toml:1: "smtp" is a table; options stand at the top level, such as smtp_host'],
    ],
    [
      "[server]\ntimezone = 'UTC'",
      ['flawless.toml:1: "server" is a table; options stand at the top level, such as timezone'],
    ],
    [
      "zzz.zzz = 1",
      ['flawless.toml:1: "zzz" is a table; options stand at the top level, such as port'],
    ],
    ["zzzzzz = 2026-01-01", ['flawless.toml:1: unknown option "zzzzzz"']],
    [
      "port = -1\nprot = 1\nlog_level = 1\n[mail]\nport = 1",
      [
        "flawless.toml:1: port must be a whole number from 0 to 65535, not -1",
        'flawless.toml:2: unknown option "prot"; did you mean port?',
        'flawless.toml:3: log_level must be one of "error", "warn", "info", "debug", not 1',
        'flawless.toml:4: "mail" is a table; options stand at the top level, such as port',
      ],
    ],
    [
      "repo_url = '/srv/app.git'",
      [
        'flawless.toml:1: repo_url must be a git address such as "https://example.com/app.git" or "git@example.com:app.git", not "/srv/app.git"; a folder goes into repo_dir',
      ],
    ],
    [
      "port = 1\nport = 2",
      ["flawless.toml:2:1: not valid TOML: trying to redefine an already defined table or value"],
    ],
    ['port = "80"', ['flawless.toml:1: port must be a whole number from 0 to 65535, not "80"']],
    ["port = 1.5", ["flawless.toml:1: port must be a whole number from 0 to 65535, not 1.5"]],
    [
      "log_level = 'loud'",
      ['flawless.toml:1: log_level must be one of "error", "warn", "info", "debug", not "loud"'],
    ],
    [
      "repo_branch_pattern = '('",
      ['flawless.toml:1: repo_branch_pattern must be a regular expression, not "("'],
    ],
    [
      "only_blame_filepaths_matching = ['a', '(']",
      [
        'flawless.toml:1: only_blame_filepaths_matching must be a list of regular expressions, not ["a","("]',
      ],
    ],
    [
      "timezone = 'Mars/Base'",
      ['flawless.toml:1: timezone must be a time zone such as "Europe/Berlin", not "Mars/Base"'],
    ],
    [
      "report_only_after_minimum_date = '2026-02-30'",
      [
        'flawless.toml:1: report_only_after_minimum_date must be a date such as "2026-01-31", not "2026-02-30"',
      ],
    ],
    [
      "report_only_after_minimum_date = 2026-02-03T10:00:00Z",
      [
        'flawless.toml:1: report_only_after_minimum_date must be a date such as "2026-01-31", not 2026-02-03T10:00:00.000Z',
      ],
    ],
    [
      "default_contact = 'me'",
      [
        'flawless.toml:1: default_contact must be an email address such as "dev@example.com", not "me"',
      ],
    ],
    [
      'default_contact = "a@b.c\\r\\nBcc: x@y.z"',
      [
        'flawless.toml:1: default_contact must be an email address such as "dev@example.com", not "a@b.c\\r\\nBcc: x@y.z"',
      ],
    ],
    [
      "smtp_from = 'x'",
      [
        'flawless.toml:1: smtp_from must be an email address such as "flawless@example.com" or "flawless <flawless@example.com>", not "x"',
      ],
    ],
    [
      "hostname = 'f.example.com'",
      [
        'flawless.toml:1: hostname must be an address such as "https://flawless.example.com", not "f.example.com"',
      ],
    ],
    [
      "repo_url = '--upload-pack=x'",
      [
        'flawless.toml:1: repo_url must be a git address such as "https://example.com/app.git" or "git@example.com:app.git", not "--upload-pack=x"',
      ],
    ],
    [
      "repo_url = 'ext::sh -c x'",
      [
        'flawless.toml:1: repo_url must be a git address such as "https://example.com/app.git" or "git@example.com:app.git", not "ext::sh -c x"',
      ],
    ],
    [
      "repo_url = 'https://u:geheim@h/a b'",
      [
        'flawless.toml:1: repo_url must be a git address such as "https://example.com/app.git" or "git@example.com:app.git", not "https://********@h/a b"',
      ],
    ],
    [
      "email_allowed_domains = 'example.com'",
      [
        'flawless.toml:1: email_allowed_domains must be a list of domains such as ["example.com"], or ["*"] for everyone, not "example.com"',
      ],
    ],
    [
      "admin_password_hash = 'geheim'",
      [
        'flawless.toml:1: admin_password_hash must be an argon2id hash ("$argon2id$v=19$…"), not the value given',
      ],
    ],
    [
      "smtp_password = 12\nsmtp_user = 'x'",
      ["flawless.toml:1: smtp_password must be a text that is not empty, not the value given"],
    ],
    [
      "email_transport = 'smtp'",
      [
        'email_transport = "smtp" needs email_allowed_domains: the domains that mail may go to, or ["*"] for everyone',
        'email_transport = "smtp" needs smtp_host',
        'email_transport = "smtp" needs smtp_from: the sender\'s address',
      ],
    ],
    [
      "email_transport = 'resend'\nemail_allowed_domains = []\nsmtp_from = 'a@b.c'",
      [
        'email_transport = "resend" needs email_allowed_domains: the domains that mail may go to, or ["*"] for everyone',
        'email_transport = "resend" needs resend_api_key',
      ],
    ],
    [
      "email_transport = 'resend'\nemail_allowed_domains = ['*']\nsmtp_from = 'F <a@b.c>'\nresend_api_key = 'k'",
      [],
    ],
    [
      "bind_address = '0.0.0.0'",
      [
        'bind_address = "0.0.0.0" is reachable from other machines and needs admin_password_hash, which `flawless password` makes',
      ],
    ],
    [
      "bind_address = '127.0.0.1.example.com'",
      [
        'bind_address = "127.0.0.1.example.com" is reachable from other machines and needs admin_password_hash, which `flawless password` makes',
      ],
    ],
    [
      "bind_address = '127.999.0.1'",
      [
        'bind_address = "127.999.0.1" is reachable from other machines and needs admin_password_hash, which `flawless password` makes',
      ],
    ],
    ["bind_address = '::1'", []],
    [`bind_address = '0.0.0.0'\nadmin_password_hash = '${HASH}'`, []],
    [
      "repo_dir = '.'\nrepo_url = 'git@example.com:app.git'",
      ["repo_dir and repo_url exclude one another: set one of them"],
    ],
    ...["smtp_user", "smtp_password"].map((name): [string, string[]] => [
      `email_transport = 'smtp'\nemail_allowed_domains = ['*']\nsmtp_host = 'x'\nsmtp_from = 'a@b.c'\n${name} = 'x'`,
      ["smtp_user and smtp_password go together: set both or neither"],
    ]),
    ["smtp_user = 'x'", []],
    ["smtp_password = 'x'", []],
    ["weekly_report_recipients = ['a@b.c']", []],
    ["weekly_report_recipients = ['a@b.c']\nemail_allowed_domains = ['*']", []],
    [
      "weekly_report_recipients = ['a@B.c', 'Ops@x.org']\nemail_allowed_domains = ['b.C']\ndefault_contact = 'ops@x.org'",
      [],
    ],
    [
      "weekly_report_recipients = ['a@b.c', 'a@sub.b.c']\nemail_allowed_domains = ['b.c']",
      [
        "weekly_report_recipients: a@sub.b.c is outside of email_allowed_domains: take it out, or allow its domain",
      ],
    ],
    [
      "ignore_vcs_email_domain = true",
      ["ignore_vcs_email_domain needs email_domain_name: the domain to use instead"],
    ],
  ])("%j", (toml, wanted) => {
    expect(problemsOf(toml)).toEqual(wanted);
  });

  test("of all sources are told together, and none follows from another one", () => {
    const found = problemsOf("prot = 1\nemail_transport = 'resend'\nresend_api_key = ''", {
      env: { FLAWLESS_PORT: "x", FLAWLESS_SMTP_PASSWORD_FILE: "no" },
      flags: { timezone: "x" },
    });
    expect(found).toHaveLength(7);
    expect(found.filter((problem) => problem.includes("resend_api_key"))).toHaveLength(1);
    expect(found).toContain('FLAWLESS_PORT must be a whole number from 0 to 65535, not "x"');
    expect(found).toContain('--timezone must be a time zone such as "Europe/Berlin", not "x"');
  });

  test("a syntax error shows no line of the file, in which a secret may stand", () => {
    const found = problemsOf("port = 1\nsmtp_password = 'geheim\nresend_api_key = 'k'", {
      env: { FLAWLESS_EMAIL_TRANSPORT: "resend" },
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toStartWith("flawless.toml:2:");
    expect(found[0]).not.toContain("geheim");
  });

  test("flags alone that are wrong are misuse; beside any other problem they are not", () => {
    function refusalOf(toml: string, flags: LoadOptions["flags"]): unknown {
      try {
        load(toml, { flags });
      } catch (error) {
        return error;
      }
      return null;
    }
    const misuse = { exitCode: 2, hint: "flawless start --help" };
    expect(refusalOf("", { port: "x", timezone: "x" })).toMatchObject(misuse);
    for (const refusal of [
      refusalOf("prot = 1", { port: "x" }),
      refusalOf("", { port: "x", email_transport: "smtp" }),
      refusalOf("", { bind_address: "0.0.0.0" }),
    ]) {
      expect(refusal).toMatchObject({ exitCode: 1 });
    }
  });

  test.each([
    ["hostname = 'https://f.example.com'", 1],
    [`hostname = 'https://f.example.com'\nadmin_password_hash = '${HASH}'`, 0],
    ["hostname = 'http://localhost:9028'", 0],
    ["hostname = 'http://[::1]:9028'", 0],
  ])("pages that developers could not open are warned of: %j", (toml, count) => {
    const { warnings } = load(toml);
    expect(warnings).toHaveLength(count);
    expect(warnings.join()).toMatch(
      /^(|.*the links in their mails; `flawless password` makes one)$/,
    );
  });

  const sending =
    "email_allowed_domains = ['*']\nsmtp_from = 'a@b.c'\nsmtp_host = 'x'\nresend_api_key = 'k'";
  test.each<[toml: string, warning: string]>([
    [
      `bind_address = '0.0.0.0'\nadmin_password_hash = '${HASH}'`,
      'bind_address = "0.0.0.0" without hostname: the pages answer only to localhost, and the links in mails lead there; set hostname',
    ],
    [
      `email_transport = 'smtp'\n${sending}`,
      'email_transport = "smtp" without hostname: the links in mails lead to localhost; set hostname',
    ],
    [
      `email_transport = 'resend'\n${sending}`,
      'email_transport = "resend" without hostname: the links in mails lead to localhost; set hostname',
    ],
  ])("that links lead to localhost is warned of, unless hostname is set: %j", (toml, warning) => {
    expect(load(toml).warnings).toEqual([warning]);
    const env = {
      FLAWLESS_HOSTNAME: "https://f.example.com",
      FLAWLESS_ADMIN_PASSWORD_HASH: HASH,
    };
    expect(load(toml, { env }).warnings).toEqual([]);
  });

  test.each(["bind_address = '127.0.0.2'", "bind_address = '::1'", "email_transport = 'outbox'"])(
    "that links lead to localhost is not warned of where only this machine asks: %j",
    (toml) => {
      expect(load(toml).warnings).toEqual([]);
    },
  );

  test("unknown variables are only warned of", () => {
    const { warnings } = load(null, {
      env: {
        FLAWLESS_PROT: "1",
        FLAWLESS_QQQQQQQQQQQQQQ: "1",
        FLAWLESS_DSN: "1",
        FLAWLESS_RELEASE: "1",
        FLAWLESS_SERVICE_HOST: "1",
        FLAWLESS_PORT_9028_TCP: "1",
      },
    });
    expect(warnings).toEqual([
      "FLAWLESS_PROT is not an option; did you mean FLAWLESS_PORT?",
      "FLAWLESS_QQQQQQQQQQQQQQ is not an option and has no effect",
    ]);
  });
});
