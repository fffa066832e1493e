import type { Context, Hono } from "hono";
import type { ActOnError } from "../act-on-error.ts";
import type { Clock } from "../clock.ts";
import type { AskedAction } from "../domain/error-action.ts";
import type { Access } from "../http/access.ts";
import { HttpError } from "../http/http-error.ts";
import { visitorName } from "../http/visitor.ts";
import type { BodyLimits } from "../ingest/body.ts";
import type { RuleBook } from "../rule-book.ts";
import type { ErrorDetail, Store } from "../store/store.ts";
import { UserError } from "../user-error.ts";
import { errorAddress, errorVisitor } from "./error-address.ts";
import { canRetry } from "./error-mails-view.tsx";
import { findOwn } from "./find-known-by.ts";
import { readForm } from "./form.ts";
import { requireError } from "./require-error.ts";
import { ruleOfLine } from "./rule-of-line.ts";
import { type ActionMistake, actionKinds, mistakeIn, readTypedAction } from "./typed-action.ts";
import type { WebEnv } from "./web-env.ts";

export type ErrorFormOptions = {
  access: Access;
  store: Pick<Store, "errorDetail" | "retryMails">;
  actOnError: ActOnError;
  rules: RuleBook;
  clock: Clock;
  bodyLimits: BodyLimits;
  /** Called when mails were made due. */
  onMail: () => void;
};

/** What these forms need of the page that they stand on. */
type ErrorPage = {
  /** IANA name; times are typed in it. */
  timeZone: string;
  /** Answers with the page of an error, and with what was wrong with what was typed into it. */
  show(c: C, detail: ErrorDetail, mistake: ActionMistake): Promise<Response>;
};

type C = Context<WebEnv>;

/** Adds the forms on the page of an error: what people say of it, and a rule for its line. */
export function addErrorForms(
  app: Hono<WebEnv>,
  options: ErrorFormOptions,
  { timeZone, show }: ErrorPage,
): void {
  const { access, store, actOnError, rules, clock } = options;

  const find = (c: C) => requireError(store, c.req.param("id") ?? "");

  /** Back to the page, which says what was done. */
  function back(c: C, { id }: ErrorDetail, done: string) {
    const asking = c.get("visitor");
    const visitor = errorVisitor(asking, access.formTokenOf(asking));
    return c.redirect(`${errorAddress(id, visitor, "", { done })}#done`, 303);
  }

  async function act(c: C, kind: AskedAction["kind"]): Promise<Response> {
    const form = await readForm(c, options);
    const detail = await find(c);
    const { asked, mistake } = readTypedAction(kind, form, timeZone);
    if (mistake) return await show(c, detail, mistake);
    try {
      const said = await actOnError(detail.id, asked, visitorName(c.get("visitor")), clock.now());
      return back(c, detail, said === null ? "nothing" : String(said));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return await show(c, detail, mistakeIn(kind, form, error));
    }
  }

  for (const kind of actionKinds) app.post(`/errors/:id/${kind}`, (c) => act(c, kind));

  app.post("/errors/:id/whitelist", async (c) => {
    await readForm(c, options);
    const detail = await find(c);
    const rule = ruleOfLine(detail);
    if (!rule) {
      const message = "the text of this line does not tell it from others: add a rule by hand";
      throw new HttpError("invalid_rule", { message });
    }
    const by = { createdBy: visitorName(c.get("visitor")), createdAt: clock.now() };
    const { isNew } = await rules.add({ ...rule, ...by });
    return back(c, detail, isNew ? "whitelisted" : "nothing");
  });
  app.post("/errors/:id/whitelist/undo", async (c) => {
    await readForm(c, options);
    const detail = await find(c);
    const own = findOwn(await rules.list("known_errors"), detail, c.get("visitor"));
    // A form that is sent twice finds it removed, which is what was wanted.
    if (!own) return back(c, detail, "nothing");
    await rules.remove(own.kind, own.id, visitorName(c.get("visitor")), clock.now());
    return back(c, detail, "taken back");
  });

  app.post("/errors/:id/mails/:mail/retry", async (c) => {
    await readForm(c, options);
    if (c.get("visitor").kind === "addressee") throw new HttpError("not_by_link");
    const detail = await find(c);
    const mail = detail.mails.find(({ id }) => String(id) === c.req.param("mail"));
    if (!mail) throw new HttpError("not_found", { message: "there is no such mail" });
    if (!canRetry(mail)) return back(c, detail, "nothing");
    await store.retryMails([mail.id], clock.now());
    options.onMail();
    return back(c, detail, `mail-${mail.id}`);
  });

  // Whoever loads the address of a form that was sent.
  for (const below of [...actionKinds, "whitelist"]) {
    app.get(`/errors/:id/${below}`, (c) => {
      const asking = c.get("visitor");
      const visitor = errorVisitor(asking, access.formTokenOf(asking));
      return c.redirect(errorAddress(c.req.param("id") ?? "", visitor), 303);
    });
  }
}
