import type { Session } from "node:inspector";

const key = Symbol.for("flawless.handOver");

/**
 * Makes the way from the inspector's ids to the objects themselves.
 *
 * @returns answers the objects, in the order of their ids; `undefined` for those of other realms
 *   (`node:vm`), which cannot be handed over together with ours
 * @throws {Error} when the inspector does not find what is handed to it
 */
export function createHandOver(session: Session): (objectIds: string[]) => unknown[] {
  let handed: unknown[] = [];
  let ownId: string | undefined;
  const take = (...objects: unknown[]) => {
    handed = objects;
  };
  Reflect.defineProperty(globalThis, key, { value: take, configurable: true });
  const expression = `globalThis[Symbol.for("${key.description}")]`;
  session.post("Runtime.evaluate", { expression }, (_, answer) => {
    ownId = answer?.result.objectId;
  });
  Reflect.deleteProperty(globalThis, key);
  if (ownId === undefined) throw new Error("the inspector does not see this program");
  const receiver = ownId;
  // ISOLATE.REALM.NUMBER
  const realm = receiver.slice(0, receiver.lastIndexOf(".") + 1);

  return (objectIds) => {
    session.post("Runtime.callFunctionOn", {
      objectId: receiver,
      functionDeclaration: "function (...objects) { this(...objects); }",
      arguments: objectIds.map((objectId) => (objectId.startsWith(realm) ? { objectId } : {})),
      silent: true,
    });
    const objects = handed;
    handed = [];
    return objects;
  };
}
