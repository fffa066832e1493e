import type { Visitor } from "../http/visitor.ts";

/** Who sees an error's page, as far as its links and forms have to know. */
export type ErrorVisitor = {
  /** What its forms have to have. */
  formToken: string;
  /** Who has a link from a mail, which opens this page alone; null for those who are signed in. */
  addressee: { address: string; capability: string } | null;
};

/** The same of whoever asks. */
export function errorVisitor(visitor: Visitor, formToken: string): ErrorVisitor {
  if (visitor.kind !== "addressee") return { formToken, addressee: null };
  const { grant, capability } = visitor;
  return { formToken, addressee: { address: grant.addressee, capability } };
}

/**
 * Where an error's page is, or what is below it. An addressee's link goes along.
 *
 * @param below such as `resolve`; empty for the page itself
 */
export function errorAddress(
  errorId: string,
  { addressee }: Pick<ErrorVisitor, "addressee">,
  below = "",
  query: Readonly<Record<string, string>> = {},
): string {
  const capability = addressee === null ? {} : { capability: addressee.capability };
  const all = new URLSearchParams({ ...capability, ...query });
  const path = `/errors/${encodeURIComponent(errorId)}${below === "" ? "" : `/${below}`}`;
  return all.size === 0 ? path : `${path}?${all}`;
}
