/** The syntax of programs, as far as instrumenting them needs it. */

import {
  type ArrowFunctionExpression,
  type ClassElement,
  type Function as FunctionNode,
  type Node,
  visitorKeys,
} from "oxc-parser";

/** A function of any kind that has a body. */
export type FunctionWithBody = ArrowFunctionExpression | (FunctionNode & { body: object });

/** The nodes right below a node, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  const members = new Map<string, unknown>(Object.entries(node));
  return (visitorKeys[node.type] ?? []).flatMap((key) => {
    const value = members.get(key);
    return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
  });
}

/** The nodes below a node, itself first; `enters` tells whether those below one count. */
export function* nodesWithin(node: Node, enters: (node: Node) => boolean): Generator<Node> {
  yield node;
  if (!enters(node)) return;
  for (const child of childrenOf(node)) yield* nodesWithin(child, enters);
}

export function isFunction(node: Node): node is FunctionWithBody {
  return (
    node.type === "ArrowFunctionExpression" ||
    ((node.type === "FunctionExpression" || node.type === "FunctionDeclaration") &&
      node.body !== null)
  );
}

/** Whether a member of a class is a field, or has TypeScript make some of its parameters. */
export function isField(member: ClassElement): boolean {
  return (
    member.type === "PropertyDefinition" ||
    (member.type === "MethodDefinition" &&
      member.value.params.some(({ type }) => type === "TSParameterProperty"))
  );
}

/** Whether other code runs below a node than that of the function around it. */
export function isBoundary(node: Node): boolean {
  return isFunction(node) || node.type === "StaticBlock" || node.type === "PropertyDefinition";
}

/** The names that a pattern declares or assigns to. */
export function namesIn(pattern: Node | null): string[] {
  switch (pattern?.type) {
    case "Identifier":
      // What TypeScript declares of `this` is no parameter.
      return pattern.name === "this" ? [] : [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === "Property" ? property.value : property.argument),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap(namesIn);
    case "AssignmentPattern":
      return namesIn(pattern.left);
    case "RestElement":
      return namesIn(pattern.argument);
    case "TSParameterProperty":
      return namesIn(pattern.parameter);
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
      return namesIn(pattern.expression);
    default:
      return [];
  }
}

/** What statements declare for their block: names of variables, and of functions and classes. */
export function declaredIn(statements: readonly Node[]): { variables: string[]; others: string[] } {
  const variables: string[] = [];
  const others: string[] = [];
  for (const statement of statements) {
    if (statement.type === "VariableDeclaration" && statement.kind !== "var") {
      variables.push(...statement.declarations.flatMap(({ id }) => namesIn(id)));
    } else if (
      statement.type === "FunctionDeclaration" ||
      statement.type === "ClassDeclaration" ||
      statement.type === "TSEnumDeclaration"
    ) {
      others.push(...namesIn(statement.id));
    }
  }
  return { variables, others };
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
