/** What is said of errors as another process says it: over HTTP, with the token in the data folder. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ErrorJson } from "../../src/web/report.ts";
import type { Running } from "./running.ts";

/** Says something of an error, and returns the error as it is then. */
export async function act(running: Running, id: string, action: object): Promise<ErrorJson> {
  const { status, json } = await tryAct(running, id, action);
  if (status !== 200) throw new Error(`${status}: ${JSON.stringify(json)}`);
  return json;
}

/** The same where it may be refused. */
export async function tryAct(running: Running, id: string, action: unknown) {
  const { url, token } = JSON.parse(await readFile(join(running.dataDir, "server.json"), "utf8"));
  const response = await fetch(`${url}/api/errors/${id}/actions`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(action),
  });
  return { status: response.status, json: await response.json() };
}
