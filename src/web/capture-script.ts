import { createHash } from "node:crypto";
import type { Context } from "hono";
import { bundleCapture } from "../bundle-capture.ts" with { type: "macro" };

// Called where the module is loaded: a macro's result stands in the built program.
const script = bundleCapture("browser/script.ts", [
  "--target=browser",
  "--format=iife",
  "--minify",
]);
const etag = `"${createHash("sha256").update(script).digest("hex").slice(0, 16)}"`;

/** Answers with the capture module of this very version, to pages of any origin. */
export function captureScript(c: Context): Response {
  const headers = {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "public, max-age=3600",
    ETag: etag,
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
  };
  const known = c.req.header("if-none-match")?.split(/\s*,\s*/) ?? [];
  if (known.some((tag) => tag.replace(/^W\//, "") === etag || tag === "*")) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(script, { headers });
}
