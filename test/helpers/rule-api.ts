/** Rules as another process changes them: over HTTP, with the token in the data folder. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RuleKind } from "../../src/domain/rules.ts";
import type { Running } from "./running.ts";

/** @param path below `/api/rules/` */
export async function ask(running: Running, method: string, path: string, body?: unknown) {
  const { url, token } = JSON.parse(await readFile(join(running.dataDir, "server.json"), "utf8"));
  const response = await fetch(`${url}/api/rules/${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === "" ? null : JSON.parse(text) };
}

/** Adds a rule and returns its id. */
export async function addRule(running: Running, kind: RuleKind, fields: object): Promise<number> {
  const { status, json } = await ask(running, "POST", kind, fields);
  if (status !== 201) throw new Error(JSON.stringify(json));
  return json.id;
}

/** A rule as it is listed. */
export async function ruleOf(running: Running, kind: RuleKind, id: number) {
  const { json } = await ask(running, "GET", kind);
  return json.rules.find((rule: { id: number }) => rule.id === id);
}
