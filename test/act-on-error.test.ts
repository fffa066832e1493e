import { expect, test } from "bun:test";
import { createActOnError } from "../src/act-on-error.ts";
import { noRules } from "../src/domain/rules.ts";
import { createSlots } from "../src/git/slots.ts";
import { makeStore, rejection, settleOne } from "./store/samples.ts";

test("nothing can be said of an error whose project is not configured, nor of none", async () => {
  await using box = await makeStore();
  const actOnError = createActOnError({
    store: box.store,
    projects: new Map(),
    rules: () => noRules,
    settling: createSlots(1),
    writeErrorMail: () => {
      throw new Error("nobody is written to");
    },
    onMail: () => {},
  });
  const reopen = (id: string) => rejection(actOnError(id, { kind: "reopen" }, "admin", 1));
  expect((await reopen("error-1")).message).toBe("there is no error error-1");
  await settleOne(box.store, box.write());
  expect((await reopen("error-1")).message).toContain("is not configured any more");
});
