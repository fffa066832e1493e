import { expect, test } from "bun:test";
import { parse } from "smol-toml";
import { completeConfig } from "../../src/config/defaults.ts";
import { displayDefault, displayValue, explainOption } from "../../src/config/display.ts";
import { optionFlags, refuseSecretFlags } from "../../src/config/flags.ts";
import { isOptionName, OPTION_GROUPS, OPTION_NAMES, OPTIONS } from "../../src/config/options.ts";

const place = { dir: "/", home: "/" };

test.each(OPTION_NAMES)("%s is complete", (name) => {
  const { description, example, kind, secret } = OPTIONS[name];
  expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
  expect(description).toMatch(/^[A-Z`].*\.$/);
  expect(displayDefault(name)).not.toBe("");
  // What a masked example stands for cannot be read, of course.
  if (!secret) expect(kind.read(parse(`value = ${example}`).value, place)).toBeDefined();
});

test("every option is in one group", () => {
  expect(OPTION_GROUPS.flatMap(({ names }) => names)).toEqual(OPTION_NAMES);
});

test("secrets are masked, in URLs too, and are no flags", () => {
  const config = {
    ...completeConfig({}, { env: {}, home: "/home/me" }),
    smtp_password: "geheim",
    repo_url: "https://me:geheim@example.com/app.git",
  };
  const shown = OPTION_NAMES.map((name) => displayValue(name, config));
  expect(JSON.stringify(shown)).not.toContain("geheim");
  expect(displayValue("repo_url", config)).toBe("https://********@example.com/app.git");
  expect(displayValue("resend_api_key", config)).toBeNull();
  expect(Object.keys(optionFlags())).toContain("data-dir-path");
  expect(Object.keys(optionFlags())).not.toContain("smtp-password");
});

test.each([
  ["port", "9028"],
  ["email_transport", "outbox"],
  ["only_blame_filepaths_matching", "none"],
  ["smtp_host", "not set"],
  ["timezone", "the system's"],
] as const)("the default of %s in words: %s", (name, wanted) => {
  expect(displayDefault(name)).toBe(wanted);
});

test("a flag that takes one of a few values names them", () => {
  expect(optionFlags()["log-level"]).toMatchObject({ valueHint: "error|warn|info|debug" });
  expect(optionFlags().port).toMatchObject({ valueHint: "value" });
});

test.each([
  [["--smtp-password", "geheim"], "smtp_password"],
  [["--port", "1", "--resend-api-key=geheim"], "resend_api_key"],
  [["--admin_password_hash=geheim"], "admin_password_hash"],
])("%p: a secret is no flag", (rawArgs, name) => {
  const variable = `FLAWLESS_${name.toUpperCase()}`;
  expect(() => refuseSecretFlags(rawArgs)).toThrow(
    expect.objectContaining({
      message: `secrets such as ${name} are no flags: other users of the machine could read them`,
      hint: `set ${variable} or ${variable}_FILE`,
      exitCode: 2,
    }),
  );
  expect(explainOption(isOptionName(name) ? name : "port")).toContain(`${variable}_FILE`);
});

test.each([[["--smtp-user", "x"]], [["--", "--smtp-password"]], [["smtp-password"]]])(
  "%p holds no secret",
  (rawArgs) => {
    expect(() => refuseSecretFlags(rawArgs)).not.toThrow();
  },
);
