/** @jsxImportSource hono/jsx */
import { visibleLine } from "../mail/bounds.ts";
import type { ApiToken } from "../store/access-store.ts";
import { FormToken } from "./form-token-field.tsx";
import { renderDocument } from "./layout.tsx";
import type { PageContext } from "./page-context.ts";
import { RemoveForm } from "./remove-form.tsx";
import { FullTime, RelativeTime } from "./times.tsx";

/** All that the page about who may come in shows. */
export type AccessPageInput = PageContext & {
  /** False where no admin password is set, and the pages are open to this machine alone. */
  hasPassword: boolean;
  tokens: readonly ApiToken[];
  /** A token that was just made: this is the only time that it is shown. */
  made: { name: string; token: string } | null;
  /** What was wrong with the form; null for nothing. */
  failure: string | null;
  /** The form as it was sent. */
  sent: { name: string; scope: string };
  formToken: string;
};

/** Renders who may come in: the password, the session, the API tokens. */
export function renderAccessPage(input: AccessPageInput): string {
  const { version, hasPassword, formToken } = input;
  return renderDocument(
    { title: "Access", current: "access", version },
    <>
      <h1>Access</h1>
      {hasPassword ? (
        <form method="post" action="/sign_out" class="inline">
          <FormToken token={formToken} />
          <p>You are signed in with the admin password.</p>
          <button type="submit" class="secondary">
            Sign out
          </button>
        </form>
      ) : (
        <p>
          No admin password is set: these pages are open to everybody on this machine, and to nobody
          else. <code>flawless password</code> makes the value for <code>admin_password_hash</code>.
        </p>
      )}
      <Tokens input={input} />
    </>,
  );
}

function Tokens({ input }: { input: AccessPageInput }) {
  const { tokens, made, formToken } = input;
  return (
    <section aria-labelledby="tokens">
      <h2 id="tokens">API tokens</h2>
      <p class="quiet">
        For programs, and for the command line elsewhere: <code>flawless report --server URL</code>{" "}
        with the token in <code>FLAWLESS_TOKEN</code>.
      </p>
      {made && (
        <div class="card done" role="status">
          <p>{`The token “${visibleLine(made.name, 100)}”, shown this once:`}</p>
          <pre>{made.token}</pre>
        </div>
      )}
      {tokens.length > 0 && (
        <table class="rules stacking">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">May</th>
              <th scope="col">Last used</th>
              <th scope="col">Made</th>
              <th scope="col">
                <span class="unseen">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <tr>
                <th scope="row">{visibleLine(token.name, 100)}</th>
                <td data-label="may">{token.scope === "read" ? "read" : "read and change"}</td>
                <td data-label="last used">
                  <RelativeTime ms={token.lastUsedAt} context={input} />
                </td>
                <td data-label="made">
                  <FullTime ms={token.createdAt} context={input} />
                </td>
                <td>
                  <RemoveForm
                    action={`/access/tokens/${token.id}/remove`}
                    name={visibleLine(token.name, 100)}
                    formToken={formToken}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <NewToken input={input} />
    </section>
  );
}

function NewToken({ input: { failure, sent, formToken } }: { input: AccessPageInput }) {
  return (
    <form method="post" action="/access/tokens" class="form card">
      <FormToken token={formToken} />
      <h3>A new token</h3>
      <label for="name">Name</label>
      <input
        id="name"
        name="name"
        value={sent.name}
        required
        maxlength={100}
        placeholder="deploy script"
        aria-invalid={failure === null ? undefined : "true"}
        aria-describedby={failure === null ? undefined : "failure"}
      />
      {failure !== null && (
        <p class="failure" id="failure" role="alert">
          {failure}
        </p>
      )}
      <fieldset>
        <legend>It may</legend>
        <label>
          <input type="radio" name="scope" value="read" checked={sent.scope !== "write"} /> read:
          reports, errors, rules, mails
        </label>
        <label>
          <input type="radio" name="scope" value="write" checked={sent.scope === "write"} /> read,
          and change rules, errors and mails
        </label>
      </fieldset>
      <button type="submit">Make the token</button>
    </form>
  );
}
