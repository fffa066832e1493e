import { basename } from "node:path";
import MagicString, { type SourceMap } from "magic-string";
import { parseSync } from "oxc-parser";
import { instrument } from "./instrument.ts";
import { nodesWithin } from "./syntax.ts";

/** What became of a source. */
export type Transformed = { code: string; map: SourceMap };

/**
 * Instruments every function of a source, so that an exception that leaves one takes its variables
 * along. Lines stay where they are; the map has the columns.
 *
 * @param filename says by its ending what the source is written in: JavaScript with or without JSX,
 *   or TypeScript
 * @returns null for what is to stay as it is: there is nothing to instrument, `eval` or `with` might
 *   see what was put in, or it cannot be read
 */
export function transform(code: string, filename: string): Transformed | null {
  const program = parse(code, filename);
  if (!program) return null;
  for (const node of nodesWithin(program, () => true)) {
    const isEval =
      node.type === "CallExpression" &&
      node.callee.type === "Identifier" &&
      node.callee.name === "eval";
    if (isEval || node.type === "WithStatement") return null;
  }
  let prefix = "$fl";
  while (code.includes(prefix)) prefix += "$";
  const edits = new MagicString(code, { filename });
  instrument(program, edits, prefix);
  if (!edits.hasChanged()) return null;
  return {
    code: edits.toString(),
    map: edits.generateMap({ source: basename(filename), includeContent: true, hires: true }),
  };
}

/** The code with its map in it, unless the source has a map of its own, whose lines still fit. */
export function withMap({ code, map }: Transformed): string {
  const hasOwn = /^\/\/[#@] sourceMappingURL=/m.test(code);
  return hasOwn ? code : `${code}\n//# sourceMappingURL=${map.toUrl()}\n`;
}

function parse(code: string, filename: string) {
  const [, ending = ""] = /\.([cm]?)[jt]sx?$/.exec(filename) ?? [];
  const lang = /tsx$/.test(filename) ? "tsx" : /ts$/.test(filename) ? "ts" : "jsx";
  const kinds =
    ending === "m"
      ? (["module"] as const)
      : ending === "c"
        ? (["commonjs"] as const)
        : (["unambiguous", "commonjs"] as const);
  for (const sourceType of kinds) {
    const { program, errors } = parseSync(filename, code, { lang, sourceType });
    if (errors.length === 0) return program;
  }
  return null;
}
