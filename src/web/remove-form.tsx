/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import { FormToken } from "./form-token-field.tsx";

type Props = {
  action: string;
  /** What is removed: read out, as the buttons of a list all show the same. */
  name: string;
  formToken: string;
  /** Further fields. */
  children?: Child;
};

/** The button that removes one row of a list. */
export function RemoveForm({ action, name, formToken, children }: Props) {
  return (
    <form method="post" action={action}>
      <FormToken token={formToken} />
      {children}
      <button type="submit" class="small danger">
        Remove<span class="unseen">{` ${name}`}</span>
      </button>
    </form>
  );
}
