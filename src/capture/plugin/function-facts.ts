import type { Node } from "oxc-parser";
import { type FunctionWithBody, isBoundary, namesIn, nodesWithin } from "./syntax.ts";

const maxVariables = 100;

/** What has to be known of a function before it is instrumented. */
export type FunctionFacts = {
  /** Parameters and `var`s, which a `catch` around the body sees. */
  visible: Set<string>;
  /** Variables of blocks, which it does not see. */
  hidden: Set<string>;
  usesThis: boolean;
  /** False where nothing in the body is of a kind that throws. */
  canThrow: boolean;
  /** Whether the body means the same within a `try`. */
  canMove: boolean;
};

const throwing = new Set<Node["type"]>([
  "CallExpression",
  "NewExpression",
  "MemberExpression",
  "TaggedTemplateExpression",
  "ImportExpression",
  "ThrowStatement",
  "AwaitExpression",
  "YieldExpression",
  "ForOfStatement",
  "SpreadElement",
  "ObjectPattern",
  "ArrayPattern",
]);

const literals = /^(?:ArrowFunction|Function|Class)Expression$/;

/** Looks at a function, without those within it. */
export function factsOf(fn: FunctionWithBody): FunctionFacts {
  const body: Node = fn.body;
  const isOwn = (node: Node) => !isBoundary(node);
  const own = [...nodesWithin(body, isOwn)];
  const parameters = fn.params.flatMap(namesIn);
  const visible = new Set(parameters);
  const hidden = new Set<string>();
  for (const node of own) {
    if (node.type === "CatchClause") addAll(hidden, namesIn(node.param));
    if (node.type !== "VariableDeclaration") continue;
    for (const { id, init } of node.declarations) {
      // What is no more than a name for a function is no news.
      if (node.kind === "var") addAll(visible, namesIn(id));
      else if (!literals.test(init?.type ?? "")) addAll(hidden, namesIn(id));
    }
  }
  const functions =
    body.type === "BlockStatement"
      ? body.body.flatMap((node) => (node.type === "FunctionDeclaration" ? namesIn(node.id) : []))
      : [];
  const isAssembly =
    body.type === "BlockStatement" &&
    body.body.some((node) => "directive" in node && node.directive === "use asm");
  // In a block, a function may not have the name of another one or of a `var`.
  const canMove =
    !isAssembly &&
    new Set(functions).size === functions.length &&
    !functions.some((name) => visible.has(name));
  for (const name of visible) hidden.delete(name);
  // As a member of a literal it would be the prototype.
  hidden.delete("__proto__");
  return {
    visible,
    hidden: new Set([...hidden].slice(0, maxVariables)),
    usesThis: usesThis(fn),
    canThrow: own.some(({ type }) => throwing.has(type)),
    canMove,
  };
}

/** The variables of blocks within a node, without those of functions within it. */
export function blockVariables(body: Node): Set<string> {
  const names = new Set<string>();
  for (const node of nodesWithin(body, (node) => !isBoundary(node))) {
    if (node.type === "CatchClause") addAll(names, namesIn(node.param));
    if (node.type !== "VariableDeclaration" || node.kind === "var") continue;
    for (const { id } of node.declarations) addAll(names, namesIn(id));
  }
  return names;
}

function usesThis(fn: FunctionWithBody): boolean {
  const keepsThis = (node: Node) => node.type === "ArrowFunctionExpression" || !isBoundary(node);
  for (const node of nodesWithin(fn.body, keepsThis)) {
    if (node.type === "ThisExpression") return true;
  }
  return false;
}

function addAll(names: Set<string>, more: readonly string[]): void {
  for (const name of more) names.add(name);
}
