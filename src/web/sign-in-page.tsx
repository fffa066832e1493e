/** @jsxImportSource hono/jsx */
import { renderDocument } from "./layout.tsx";

export type SignInPageInput = {
  /** Where to go then: a path of ours. */
  next: string;
  /** What went wrong with the last try; null for nothing. */
  failure: string | null;
};

/** Renders the page that asks for the admin password. */
export function renderSignInPage({ next, failure }: SignInPageInput): string {
  return renderDocument(
    { title: "Sign in", current: null, version: null },
    <div class="message">
      <h1>Sign in</h1>
      <form method="post" action="/sign_in" class="form">
        <input type="hidden" name="next" value={next} />
        {/* Password managers file the password under a name. */}
        <input name="username" value="admin" autocomplete="username" hidden />
        <label for="password">Admin password</label>
        <input
          id="password"
          name="password"
          type="password"
          required
          autofocus
          autocomplete="current-password"
          aria-invalid={failure === null ? undefined : "true"}
          aria-describedby={failure === null ? undefined : "failure"}
        />
        {failure !== null && (
          <p class="failure" id="failure" role="alert">
            {failure}
          </p>
        )}
        <button type="submit">Sign in</button>
      </form>
      <p class="quiet">
        Developers need no password: the links in their mails open what is theirs.
      </p>
    </div>,
  );
}
