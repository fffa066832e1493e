import type { Session } from "node:inspector";

const key = "flawless.handOver";

/**
 * Makes the way from the inspector's ids to the objects themselves.
 *
 * @returns answers the objects, in the order of their ids; `undefined` for those of other realms
 *   (`node:vm`), which cannot be handed over together with ours
 */
export function createHandOver(session: Session): (objectIds: string[]) => unknown[] {
  let handed: unknown[] = [];
  let ownId = "";
  const value = (...objects: unknown[]) => {
    handed = objects;
  };
  Reflect.defineProperty(globalThis, key, { value, configurable: true });
  session.post("Runtime.evaluate", { expression: `globalThis["${key}"]` }, (_, answer) => {
    ownId = answer.result.objectId ?? "";
  });
  Reflect.deleteProperty(globalThis, key);
  // ISOLATE.REALM.NUMBER
  const realm = ownId.replace(/\d+$/, "");

  return (objectIds) => {
    handed = [];
    session.post("Runtime.callFunctionOn", {
      objectId: ownId,
      functionDeclaration: "function(...objects){this(...objects)}",
      arguments: objectIds.map((objectId) => (objectId.startsWith(realm) ? { objectId } : {})),
      silent: true,
    });
    return handed;
  };
}
