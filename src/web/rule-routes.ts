import type { Context, Hono } from "hono";
import type { Clock } from "../clock.ts";
import type { RuleKind } from "../domain/rules.ts";
import type { Access } from "../http/access.ts";
import { HttpError } from "../http/http-error.ts";
import { visitorName } from "../http/visitor.ts";
import { type BodyLimits, readBody } from "../ingest/body.ts";
import { IngestError } from "../ingest/ingest-error.ts";
import { parseJson } from "../ingest/parse-json.ts";
import { isRuleKind, readRule, ruleKinds, type SentRule } from "../ingest/rule.ts";
import { type PreviewSource, previewRule, previewSpan } from "../preview-rule.ts";
import type { RuleBook } from "../rule-book.ts";
import type { Project } from "../store/project.ts";
import { checkJsonWrite } from "./json-write.ts";
import { previewJson } from "./preview-json.ts";
import { ruleJson } from "./rule-json.ts";
import type { WebEnv } from "./web-env.ts";

export type RuleRouteOptions = {
  rules: RuleBook;
  /** What a preview looks at. */
  store: Pick<PreviewSource, "report" | "errorDetail" | "projects">;
  tipPaths: PreviewSource["tipPaths"];
  projects: readonly Project[];
  /** IANA name. */
  timeZone: string;
  clock: Clock;
  bodyLimits: BodyLimits;
  access: Access;
};

/** Adds `/api/rules/{kind}`: lists, adds and removes rules (DESIGN section 8). */
export function addRuleRoutes(app: Hono<WebEnv>, options: RuleRouteOptions): void {
  const { rules, clock, access } = options;

  app.get("/api/rules", (c) => c.json({ kinds: ruleKinds }));

  app.get("/api/rules/:kind", async (c) => {
    const listed = await rules.list(kindOf(c));
    return c.json({ rules: listed.map(ruleJson) });
  });

  app.post("/api/rules/:kind/preview", async (c) => {
    const kind = kindOf(c);
    checkJsonWrite(c, access);
    const { createdBy: _, ...rule } = await readSentRule(c, kind, options);
    const span = previewSpan(clock.now(), options.timeZone);
    const source = { ...options.store, tipPaths: options.tipPaths };
    const preview = await previewRule(rule, rules.current(), span, source);
    return c.json(previewJson(preview));
  });

  app.post("/api/rules/:kind", async (c) => {
    const kind = kindOf(c);
    checkJsonWrite(c, access);
    const { createdBy, ...rule } = await readSentRule(c, kind, options);
    const by = { createdBy: createdBy ?? visitorName(c.get("visitor")), createdAt: clock.now() };
    const { id, isNew } = await rules.add({ ...rule, ...by });
    if (!isNew) {
      throw new HttpError("same_rule", { message: `rule ${id} says the same already` });
    }
    const added = (await rules.list(kind)).find((each) => each.id === id);
    return c.json(added ? ruleJson(added) : { id }, 201);
  });

  app.delete("/api/rules/:kind/:id", async (c) => {
    const kind = kindOf(c);
    checkJsonWrite(c, access);
    const by = visitorName(c.get("visitor"));
    const id = c.req.param("id");
    const isRemoved =
      /^\d{1,15}$/.test(id) && (await rules.remove(kind, Number(id), by, clock.now()));
    if (!isRemoved) throw new HttpError("not_found", { message: `${kind} has no rule ${id}` });
    return c.body(null, 204);
  });
}

function kindOf(c: Context): RuleKind {
  const kind = c.req.param("kind") ?? "";
  if (isRuleKind(kind)) return kind;
  const message = `there are no such rules; the kinds are ${ruleKinds.join(", ")}`;
  throw new HttpError("not_found", { message });
}

async function readSentRule(
  c: Context,
  kind: RuleKind,
  { bodyLimits, projects }: RuleRouteOptions,
): Promise<SentRule> {
  const body = parseJson(await readBody(c.req.raw, bodyLimits));
  try {
    const rule = readRule(kind, body);
    if (rule.projectId !== null && !projects.some(({ id }) => id === rule.projectId)) {
      throw new HttpError("unknown_project", {
        message: `there is no project ${rule.projectId}`,
      });
    }
    return rule;
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    throw new HttpError("invalid_rule", { message: error.message });
  }
}
