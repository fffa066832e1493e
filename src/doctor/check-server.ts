import { readFileSync } from "node:fs";
import { join } from "node:path";
import { explainSilence } from "../backend/explain-silence.ts";
import {
  type Finding,
  failure,
  good,
  isMissing,
  reasonOf,
  runAsItsUser,
  warning,
} from "./finding.ts";

const timeoutMs = 10_000;

/** The server of the data folder runs, and is well by its own account. */
export async function checkServer(dataDir: string): Promise<Finding[]> {
  const path = join(dataDir, "server.json");
  let announced: string;
  try {
    announced = readFileSync(path, "utf8");
  } catch (error) {
    return [isMissing(error) ? noServer : cannotLook(error)];
  }
  let where = "";
  try {
    const { url, token } = JSON.parse(announced);
    where = ` at ${url}`;
    const response = await fetch(`${url}/check_health`, {
      headers: { Authorization: `Bearer ${token}`, Accept: "application/json" },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { well, problems, version } = await response.json();
    if (well === true) return [good("server", `version ${version} runs at ${url}`)];
    const list: unknown[] = Array.isArray(problems) ? problems : ["it is not well"];
    return list.map((each) => failure("server", String(each), `look at ${url}/check_health`));
  } catch (error) {
    const message = `it announced itself${where}, but ${explainSilence(error, timeoutMs)}`;
    return [failure("server", message, "start it again: flawless start")];
  }
}

const noServer = warning("server", "none runs on this data folder", "flawless start");

function cannotLook(error: unknown): Finding {
  const message = `whether one runs cannot be seen: ${reasonOf(error)}`;
  return failure("server", message, runAsItsUser);
}
