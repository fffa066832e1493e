import type { FormTokens } from "./form-token.ts";
import { HttpError } from "./http-error.ts";
import type { Visitor } from "./visitor.ts";

/** How a write came, besides who asks for it. */
export type Write = {
  request: Request;
  visitor: Visitor;
  /** What the form had, or the header `X-Form-Token`; null for none. */
  formToken: string | null;
};

/**
 * Refuses writes that another site's page may stand behind, and those of whoever may only read
 * (DESIGN section 12).
 *
 * @param hostname the public URL; null for none
 */
export function createWriteCheck(
  formTokens: FormTokens,
  hostname: string | null,
): (write: Write) => void {
  return ({ request, visitor, formToken }) => {
    refuseForeignOrigin(request, hostname);
    switch (visitor.kind) {
      // A browser never adds these by itself.
      case "machine":
        return;
      case "token":
        if (visitor.scope !== "write") throw new HttpError("read_only");
        return;
      case "admin":
      case "addressee":
        if (visitor.kind === "admin" && !namesOrigin(request)) {
          throw new HttpError("foreign_origin");
        }
        if (formToken === null || !formTokens.isRight(visitor, formToken)) {
          throw new HttpError("stale_form");
        }
        return;
      case "local":
        if (formToken !== null && formTokens.isRight(visitor, formToken)) return;
        if (formToken !== null) throw new HttpError("stale_form");
        // Every other type a page may send to another site without being asked first.
        if (request.method !== "DELETE" && contentType(request) !== "application/json") {
          throw new HttpError("not_json");
        }
    }
  };
}

/** Also for what nobody is known to ask for, such as a sign-in. */
export function refuseForeignOrigin(request: Request, hostname: string | null): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  // It decides alone: behind a proxy the origin may name another host than the request.
  if (site !== null) {
    if (site !== "same-origin" && site !== "none") throw new HttpError("foreign_origin");
    return;
  }
  // Browsers that do not send the former (over plain HTTP, none does) send the latter with every write.
  // Behind a proxy that changes the Host, pages come from the public URL all the same.
  const host = (request.headers.get("host") ?? "").toLowerCase();
  const hosts = [host, ...(hostname === null ? [] : [new URL(hostname).host])];
  if (origin !== null && !hosts.includes(URL.parse(origin)?.host ?? "")) {
    throw new HttpError("foreign_origin");
  }
}

/** Whether a browser has said where the request comes from. */
function namesOrigin({ headers }: Request): boolean {
  return headers.has("sec-fetch-site") || headers.has("origin");
}

function contentType({ headers }: Request): string {
  return (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}
