/** Every way in which a request can fail, but for what a route finds wrong with its own input. */
const failures = {
  missing_key: [401, "a key is needed: Authorization: Bearer KEY, or ?key=KEY"],
  unknown_key: [403, "the key is unknown"],
  too_many_requests: [429, "this key sends more than max_requests_per_key_second allows"],
  unavailable: [503, "flawless cannot store just now; send it again"],
  stopping: [503, "flawless is stopping; send it again"],
  not_found: [404, "there is nothing here"],
  method_not_allowed: [405, "this address does not take that method"],
  foreign_host: [421, "this Host is not served here; set the option hostname to the public URL"],
  sign_in: [401, "sign in with the admin password, or use an API token"],
  unknown_token: [401, "this token is unknown here, or was removed"],
  wrong_password: [401, "that is not the password"],
  read_only: [403, "this API token may only read"],
  other_link: [403, "this link is for something else; open the one in your mail once more"],
  old_link: [
    403,
    "this link is too old: links in mails work for 30 days; open a newer mail, or sign in",
  ],
  not_by_link: [403, "a link from a mail does not let you do this: sign in for it"],
  stale_form: [403, "this form is not of the page as it is now: load the page again, and repeat"],
  invalid_form: [400, "a field is not what it must be"],
  too_many_tries: [429, "too many wrong passwords; try again in a minute"],
  not_local: [
    403,
    "without admin_password_hash the pages are open to this machine alone, directly",
  ],
  not_json: [415, "send JSON, with the content type application/json"],
  foreign_origin: [403, "pages of other sites may change nothing here"],
  invalid_rule: [400, "the rule is not what it must be"],
  invalid_action: [400, "the action is not what it must be"],
  same_rule: [409, "there is such a rule already"],
  unknown_project: [400, "there is no such project"],
  invalid_parameter: [400, "a parameter is not what it must be"],
  internal: [500, "something went wrong in flawless; its log tells what"],
} as const satisfies Record<string, readonly [number, string]>;

/** Names a row of the table of failures. */
export type FailureCode = keyof typeof failures;

/** A request that failed as expected. Anything else that is thrown is a bug, and answered with 500. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;

  constructor(
    readonly code: FailureCode,
    readonly about: { message?: string; headers?: Record<string, string> } = {},
  ) {
    super(about.message ?? failures[code][1]);
    this.status = failures[code][0];
  }
}
