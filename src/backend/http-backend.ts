import { maskPassword } from "../mask-password.ts";
import { UserError } from "../user-error.ts";
import type { ApiTokenJson } from "../web/api-token-json.ts";
import type { MailJson } from "../web/mail-json.ts";
import type { ErrorJson } from "../web/report.ts";
import type { RuleJson } from "../web/rule-json.ts";
import { type Backend, hintOfProjects, hintOfRules } from "./backend.ts";
import { explainSilence } from "./explain-silence.ts";

export type ServerAccess = {
  /** With or without a slash at the end. */
  url: string;
  /** Null where the server is open to this machine. */
  token: string | null;
};

const timeoutMs = 30_000;

/** Asks a running server. */
export function openHttpBackend(access: ServerAccess): Backend {
  const { token } = access;
  const base = baseOf(access);
  const headers = {
    ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
    "Content-Type": "application/json",
    Accept: "application/json",
  };

  async function ask(method: string, path: string, body?: object): Promise<Response> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await fetch(`${base}/api/${path}`, { method, headers, signal, ...init });
    } catch (cause) {
      const reason = explainSilence(cause, timeoutMs);
      throw new UserError(`no flawless answers at ${maskPassword(base)}: ${reason}`, {
        hint: "start it there, or name another with --server URL",
        cause,
      });
    }
  }

  async function read<T>(
    method: string,
    path: string,
    key: keyof T & string,
    body?: object,
  ): Promise<T> {
    const response = await ask(method, path, body);
    if (!response.ok) throw await refusalOf(response, access);
    return await readJson<T>(response, base, key);
  }

  /** False when it is not there. */
  async function remove(path: string): Promise<boolean> {
    const response = await ask("DELETE", path);
    if (response.ok) return true;
    const refusal = await refusalOf(response, access);
    if (response.status === 404) return false;
    throw refusal;
  }

  return {
    where: base,
    report({ week, project, includeKnownErrors, includeModifiedBeforeMinDate }) {
      const query = new URLSearchParams({
        ...(week === null ? {} : { week }),
        ...(project === null ? {} : { project: String(project) }),
        include_known_errors: String(includeKnownErrors),
        include_modified_before_min_date: String(includeModifiedBeforeMinDate),
      });
      return read("GET", `report?${query}`, "developers");
    },
    async error(id) {
      const response = await ask("GET", `errors/${encodeURIComponent(id)}`);
      if (response.ok) return await readJson<ErrorJson>(response, base, "id");
      const refusal = await refusalOf(response, access);
      if (response.status === 404) return null;
      throw refusal;
    },
    rules: async (kind) =>
      (await read<{ rules: RuleJson[] }>("GET", `rules/${kind}`, "rules")).rules,
    addRule: (kind, body) => read("POST", `rules/${kind}`, "id", body),
    removeRule: (kind, id) => remove(`rules/${kind}/${id}`),
    previewRule: (kind, body) => read("POST", `rules/${kind}/preview`, "affected", body),
    mails: async (limit) =>
      (await read<{ mails: MailJson[] }>("GET", `mails?limit=${limit}`, "mails")).mails,
    retryMails: async (ids) =>
      (
        await read<{ retried: number }>(
          "POST",
          "mails/retry",
          "retried",
          ids === null ? { all: true } : { ids },
        )
      ).retried,
    apiTokens: async () =>
      (await read<{ tokens: ApiTokenJson[] }>("GET", "tokens", "tokens")).tokens,
    addApiToken: (wanted) => read("POST", "tokens", "token", wanted),
    removeApiToken: (id) => remove(`tokens/${id}`),
    async close() {},
  };
}

/** A server of ours answers in the shape that the type says; `key` tells it from another one. */
async function readJson<T>(response: Response, base: string, key: keyof T & string): Promise<T> {
  const text = await response.text();
  try {
    const answer = JSON.parse(text);
    if (typeof answer === "object" && answer !== null && key in answer) return answer;
    throw new Error(`there is no ${key} in it`);
  } catch (cause) {
    throw new UserError(`${maskPassword(base)} answers, but not as flawless does`, {
      hint: "is it the address of a flawless server?",
      cause,
    });
  }
}

async function refusalOf(response: Response, access: ServerAccess): Promise<UserError> {
  const { status } = response;
  const base = baseOf(access);
  const server = maskPassword(base);
  const answer = await readJson<{ error: { code?: unknown; message?: unknown } | null }>(
    response,
    base,
    "error",
  );
  const said = answer.error?.message;
  const message = typeof said === "string" ? said : `${server} answered ${status}`;
  const code = String(answer.error?.code ?? "");
  const about = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  if (about) return new UserError(message, about);
  if (status === 401 || status === 403) {
    return new UserError(`${server}: ${message}`, {
      hint: "give a token with --token or FLAWLESS_TOKEN; there, flawless token add NAME makes one",
    });
  }
  const hint =
    status === 404
      ? "name the server without a path, as flawless start prints it"
      : "look at the server's log";
  return new UserError(`${server}: ${message}`, { hint });
}

/** What to do about what a server refuses, by the code of its answer; as without a server. */
const refusals: Readonly<Record<string, { hint: string; exitCode?: 2 }>> = {
  unknown_project: { hint: hintOfProjects, exitCode: 2 },
  invalid_rule: { hint: hintOfRules, exitCode: 2 },
  same_rule: { hint: "list the rules of this kind, or change something about this one" },
  read_only: {
    hint: "give one that may write: there, flawless token add NAME --scope write makes it",
  },
  // All else about a token was read before it was sent.
  invalid_form: { hint: "choose another name, or remove that one: flawless token list" },
};

function baseOf({ url }: ServerAccess): string {
  return url.replace(/\/+$/, "");
}
