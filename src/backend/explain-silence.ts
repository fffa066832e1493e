const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no host of that name",
  ECONNRESET: "what listens there ended the connection",
  EPROTO: "what listens there speaks no TLS: http:// instead of https://?",
};

/** Why a request got no answer, one clause. The runtime's own words speak to programmers. */
export function explainSilence(error: unknown, waitedMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `it did not answer within ${waitedMs / 1000} seconds`;
  const code = "code" in error ? String(error.code) : "";
  return reasons[code] ?? error.message;
}
