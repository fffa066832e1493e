import { expect, test } from "bun:test";
import { parse } from "smol-toml";
import { defaultConfig } from "../../src/config/defaults.ts";
import { displayDefault, displayValue } from "../../src/config/display.ts";
import { optionFlags } from "../../src/config/flags.ts";
import { OPTION_GROUPS, OPTION_NAMES, OPTIONS } from "../../src/config/options.ts";

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
    ...defaultConfig({ env: {}, home: "/home/me" }),
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
