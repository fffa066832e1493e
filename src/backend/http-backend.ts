import { maskPassword } from "../mask-password.ts";
import { UserError } from "../user-error.ts";
import type { ApiTokenJson } from "../web/api-token-json.ts";
import type { MailJson } from "../web/mail-json.ts";
import type { ErrorJson } from "../web/report.ts";
import type { RuleJson } from "../web/rule-json.ts";
import { type Backend, hintOfProjects } from "./backend.ts";
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
  switch (status) {
    case 400: {
      const isProject = answer.error?.code === "unknown_project";
      const hint = isProject ? hintOfProjects : "look at docs/rules.md";
      return new UserError(message, { hint, exitCode: 2 });
    }
    case 401:
    case 403:
      return new UserError(`${server}: ${message}`, {
        hint: "give a token with --token or FLAWLESS_TOKEN; there, flawless token add NAME makes one",
      });
    case 404:
      return new UserError(`${server}: ${message}`, {
        hint: "name the server without a path, as flawless start prints it",
      });
    case 409:
      return new UserError(message, {
        hint: "list the rules of this kind, or change something about this one",
      });
    default:
      return new UserError(message, { hint: "look at the server's log" });
  }
}

function baseOf({ url }: ServerAccess): string {
  return url.replace(/\/+$/, "");
}
