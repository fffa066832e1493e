import type MagicString from "magic-string";
import type {
  ArrowFunctionExpression,
  AssignmentExpression,
  CatchClause,
  Class,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  Function as FunctionNode,
  Node,
  SwitchCase,
  UpdateExpression,
  VariableDeclaration,
} from "oxc-parser";
import { blockVariables, factsOf } from "./function-facts.ts";
import {
  blockScope,
  copies,
  declarations,
  innerScope,
  type Owner,
  ownerOf,
  resets,
  type Scope,
  variables,
} from "./scope.ts";
import { childrenOf, declaredIn, isField, isFunction, namesIn } from "./syntax.ts";

/** Where a node stands. */
type Place = {
  scope: Scope;
  owner: Owner | null;
  depth: number;
  /** Whether nothing is done with the value of an expression. */
  isUnused: boolean;
  /** Where the statement begins that a line break may have ended the one before; else -1. */
  statementStart: number;
};

/**
 * Puts functions into a `try` whose `catch` hands over the variables.
 *
 * A `catch` sees parameters and `var`s, but not what `let` and `const` declare within the `try`: each
 * of those gets a copy outside, which is written when it is declared and whenever it is assigned to.
 * A closure over the variables would be simpler, but costs each call, and each turn of a loop, far
 * more than copies do. Nothing that is put in has a line break, and what is put in refers to nothing
 * outside the function but `globalThis`, so that it may also be sent elsewhere as text.
 *
 * @param prefix of names that the program has none of
 */
export function instrument(program: Node, edits: MagicString, prefix: string): void {
  const scope = { names: new Map(), outer: null };
  const top = { scope, owner: null, depth: 0, isUnused: false, statementStart: -1 };
  let count = 0;
  visit(program, top);

  function visit(node: Node, place: Place): void {
    const within = { ...place, isUnused: false, statementStart: -1 };
    switch (node.type) {
      case "ArrowFunctionExpression":
      case "FunctionDeclaration":
      case "FunctionExpression":
        visitFunction(node, within, "function");
        break;
      case "Program":
      case "BlockStatement":
        visitStatements(node.body, within);
        break;
      case "StaticBlock":
        visitStatements(node.body, { ...within, owner: null });
        break;
      case "ClassDeclaration":
      case "ClassExpression":
        visitClass(node, within);
        break;
      case "Property":
        visit(node.key, within);
        if (isFunction(node.value) && (node.method || node.kind !== "init")) {
          visitFunction(node.value, within, "method");
        } else visit(node.value, within);
        break;
      case "SwitchStatement":
        visit(node.discriminant, within);
        visitSwitch(node.cases, within);
        break;
      case "CatchClause":
        visitCatch(node, within);
        break;
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
        visitLoop(node, within);
        break;
      case "WhileStatement":
      case "DoWhileStatement":
        visit(node.test, within);
        visitBody(node.body, [], within);
        break;
      case "ExpressionStatement":
        visit(node.expression, { ...within, isUnused: true });
        break;
      case "ParenthesizedExpression":
      case "SequenceExpression":
        visitAll(childrenOf(node), place);
        break;
      case "AssignmentExpression":
        visitAssignment(node, node.left, place);
        break;
      case "UpdateExpression":
        visitAssignment(node, node.argument, place);
        break;
      default:
        visitAll(childrenOf(node), { ...place, isUnused: false });
    }
  }

  function visitAll(nodes: readonly Node[], place: Place): void {
    for (const node of nodes) visit(node, place);
  }

  function visitStatements(listed: readonly Node[], place: Place): void {
    const scope = blockScope(listed, place.owner, place.scope);
    for (const statement of listed) visitStatement(statement, { ...place, scope });
  }

  function visitStatement(statement: Node, place: Place): void {
    if (statement.type === "VariableDeclaration") visitDeclaration(statement, place);
    else if (statement.type === "ExpressionStatement") {
      visit(statement.expression, { ...place, isUnused: true, statementStart: statement.start });
    } else visit(statement, place);
  }

  function visitSwitch(cases: readonly SwitchCase[], place: Place): void {
    const listed = cases.flatMap(({ consequent }) => consequent);
    const inner = { ...place, scope: blockScope(listed, place.owner, place.scope) };
    for (const { test, consequent } of cases) {
      if (test) visit(test, inner);
      for (const statement of consequent) visitStatement(statement, inner);
    }
  }

  function visitCatch({ param, body }: CatchClause, place: Place): void {
    const names = namesIn(param);
    const inner = { ...place, scope: innerScope(names, place.owner, place.scope) };
    edits.appendRight(body.start + 1, statements(copies(names, inner.scope)));
    if (param) visit(param, inner);
    visit(body, inner);
  }

  function visitFunction(
    fn: FunctionNode | ArrowFunctionExpression,
    { scope, depth }: Place,
    kind: "function" | "method" | "derived constructor" | "bare",
  ): void {
    if (!isFunction(fn)) return;
    const facts = factsOf(fn);
    const hasThis = kind !== "function" || facts.usesThis;
    const isShown = facts.visible.size > 0 || facts.hidden.size > 0 || hasThis;
    const isLeft = kind === "bare" || !facts.canThrow || !facts.canMove || !isShown;
    const owner = isLeft
      ? null
      : {
          prefix: `${prefix}${depth}`,
          temporary: `${prefix}t${depth}`,
          hidden: facts.hidden,
          usesTemporary: false,
        };
    const names = [...facts.visible, ...namesIn(fn.id), "arguments"];
    const inner = {
      scope: innerScope(names, null, scope),
      owner,
      depth: depth + 1,
      isUnused: false,
      statementStart: -1,
    };
    visitAll(fn.params, inner);
    const { body } = fn;
    const isBlock = body.type === "BlockStatement";
    if (isBlock) visitStatements(body.body, inner);
    else visit(body, inner);
    if (!owner) return;

    const isFragile = kind === "derived constructor" || fn.type === "ArrowFunctionExpression";
    const self = hasThis && (isFragile ? ",(()=>{try{return this}catch{}})()" : ",this");
    const head = `${declarations(owner)}try{`;
    const tail = `}catch(${prefix}e){globalThis.__flawless__?.(${prefix}e,${variables(facts.visible, owner)}${self || ""});throw ${prefix}e}`;
    if (isBlock) {
      const directive = body.body.findLast((node) => "directive" in node && node.directive);
      edits.prependRight(directive?.end ?? body.start + 1, (directive ? ";" : "") + head);
      edits.appendLeft(body.end - 1, tail);
    } else {
      edits.prependRight(body.start, `{${head}return `);
      edits.appendLeft(body.end, `${tail}}`);
    }
  }

  function visitClass(node: Class, place: Place): void {
    const inner = { ...place, scope: innerScope(namesIn(node.id), null, place.scope) };
    visitAll(node.decorators, place);
    if (node.superClass) visit(node.superClass, inner);
    const members = node.body.body;
    for (const member of members) {
      if (member.type !== "MethodDefinition") {
        visitAll(childrenOf(member), { ...inner, owner: null });
        continue;
      }
      visitAll(member.decorators, inner);
      visit(member.key, inner);
      const isDerived = member.kind === "constructor" && node.superClass !== null;
      const kind = isDerived ? "derived constructor" : "method";
      visitFunction(member.value, inner, isDerived && members.some(isField) ? "bare" : kind);
    }
  }

  function visitDeclaration(node: VariableDeclaration, place: Place): void {
    const isFollowed = node.kind !== "var" && !node.declare;
    const last = node.declarations.at(-1);
    for (const declarator of node.declarations) {
      visitAll(childrenOf(declarator), place);
      const copied = isFollowed ? copies(namesIn(declarator.id), place.scope) : [];
      if (copied.length === 0) continue;
      const isEnd = declarator === last || /using/.test(node.kind);
      if (isEnd) edits.appendLeft(node.end, `;${statements(copied)}`);
      // The next one may throw.
      else edits.appendLeft(declarator.end, `,${prefix}v${count++}=(${copied})`);
    }
  }

  function visitLoop(node: ForStatement | ForInStatement | ForOfStatement, place: Place): void {
    const { body } = node;
    const first = node.type === "ForStatement" ? node.init : node.left;
    const declared =
      first?.type === "VariableDeclaration"
        ? first.declarations.flatMap(({ id }) => namesIn(id))
        : null;
    const names = declared ?? (node.type === "ForStatement" ? [] : namesIn(first));
    const isBlock = first?.type === "VariableDeclaration" && first.kind !== "var";
    const scope = isBlock ? innerScope(names, place.owner, place.scope) : place.scope;
    const inner = { ...place, scope };
    if (node.type === "ForStatement") {
      if (first) visit(first, { ...inner, isUnused: true });
      if (node.test) visit(node.test, inner);
      if (node.update) visit(node.update, { ...inner, isUnused: true });
    } else {
      visit(node.left, inner);
      visit(node.right, inner);
    }
    visitBody(body, names, inner);
  }

  /** @param names what the head of the loop gives values to, before each turn */
  function visitBody(body: Node, names: readonly string[], place: Place): void {
    const { scope } = place;
    const isBlock = body.type === "BlockStatement";
    const declared = declaredIn(isBlock ? body.body : []);
    // A variable of the body hides one of the same name, and has no value yet.
    const hiding = [...declared.variables, ...declared.others];
    const seen = names.filter((name) => !hiding.includes(name));
    // What the turn before left is not of this one.
    const stale = resets(blockVariables(body), place.owner, scope);
    const before = statements([...stale, ...copies(seen, scope)]);
    if (isBlock) edits.appendRight(body.start + 1, before);
    else if (before) edits.appendRight(body.start, `{${before}`);
    visit(body, place);
    if (!isBlock && before) edits.appendLeft(body.end, "}");
  }

  function visitAssignment(
    node: AssignmentExpression | UpdateExpression,
    target: Node,
    place: Place,
  ): void {
    const { scope, isUnused, statementStart } = place;
    const names = namesIn(target);
    const copied = copies(names, scope);
    const within = { ...place, isUnused: false };
    const owner = names.map((name) => ownerOf(name, scope)).find((found) => found !== null);
    if (!owner) {
      visitAll(childrenOf(node), within);
    } else if (node.type === "AssignmentExpression" && !/Pattern$/.test(target.type)) {
      edits.appendRight(node.start, `${owner.prefix}${names[0]}=`);
      visitAll(childrenOf(node), within);
    } else if (isUnused) {
      visitAll(childrenOf(node), within);
      edits.appendLeft(node.end, `,${copied}`);
    } else {
      owner.usesTemporary = true;
      // Without a semicolon, the line before would go on as a call.
      const separator = node.start === statementStart ? ";" : "";
      edits.appendRight(node.start, `${separator}(${owner.temporary}=`);
      visitAll(childrenOf(node), within);
      edits.appendLeft(node.end, `,${copied},${owner.temporary})`);
    }
  }
}

function statements(expressions: readonly string[]): string {
  return expressions.map((expression) => `${expression};`).join("");
}
