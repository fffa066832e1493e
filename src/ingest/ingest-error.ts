/** Why a request to report events was refused: what the client did wrong, in words for its author. */
export class IngestError extends Error {
  override readonly name = "IngestError";
  readonly status: 400 | 408 | 413 | 415;
  /** A name for programs, such as `invalid_event`. */
  readonly code: string;
  /** The field that is wrong, and what is wrong with it; null when it is not about one field. */
  readonly field: { path: string; problem: string } | null;

  constructor(
    status: IngestError["status"],
    code: string,
    message: string,
    field: IngestError["field"] = null,
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

/** The refusal of something that is longer than `maxBytes`. */
export function tooLarge(maxBytes: number, what: string): IngestError {
  return new IngestError(413, "too_large", `${what} is longer than ${maxBytes} bytes`);
}
