import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { nearestName } from "../nearest-name.ts";
import { OPTION_NAMES, OPTIONS } from "./options.ts";
import { emptySettings, type Problem, type Settings } from "./settings.ts";
import { variableOf } from "./variable.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What `FLAWLESS_OPTION` says, and for secrets `FLAWLESS_OPTION_FILE`, a file that holds the value.
 * An empty variable counts as not set.
 */
export function readEnvironment(env: Environment, cwd: string): Settings {
  const found = emptySettings();
  for (const name of OPTION_NAMES) {
    const label = variableOf(name);
    const text = OPTIONS[name].secret ? readSecret(env, label, cwd, found.problems) : env[label];
    if (!text || isServiceLink(label, text)) continue;
    found.settings.set(name, { value: OPTIONS[name].kind.fromText(text), label });
  }
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith("FLAWLESS_") || isKnown(variable)) continue;
    const nearest = nearestName(variable, OPTION_NAMES.map(variableOf));
    found.warnings.push(
      `${variable} is not an option${nearest ? `; did you mean ${nearest}?` : " and has no effect"}`,
    );
  }
  return found;
}

/** Variables of the command line, of the capture module and of the tests. */
const OTHER_VARIABLES = new Set([
  "FLAWLESS_CONF",
  "FLAWLESS_DSN",
  "FLAWLESS_RELEASE",
  "FLAWLESS_ENVIRONMENT",
  "FLAWLESS_REQUIRE_ALL",
]);

function isKnown(variable: string): boolean {
  return (
    OTHER_VARIABLES.has(variable) ||
    // Kubernetes sets these in every container next to a service named flawless.
    /^FLAWLESS_(SERVICE|PORT_\d+)_/.test(variable) ||
    OPTION_NAMES.some(
      (name) =>
        variable === variableOf(name) ||
        (OPTIONS[name].secret === true && variable === `${variableOf(name)}_FILE`),
    )
  );
}

function isServiceLink(variable: string, text: string): boolean {
  return variable === "FLAWLESS_PORT" && /^(tcp|udp):\/\//.test(text);
}

function readSecret(
  env: Environment,
  variable: string,
  cwd: string,
  problems: Problem[],
): string | undefined {
  const path = env[`${variable}_FILE`];
  if (!path) return env[variable];
  if (env[variable]) {
    const message = `${variable} and ${variable}_FILE exclude one another: set one of them`;
    problems.push({ message });
    return undefined;
  }
  try {
    return readFileSync(resolve(cwd, path), "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({ message: `${variable}_FILE cannot be read: ${reason}` });
    return undefined;
  }
}
