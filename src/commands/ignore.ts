import { defineRuleCommand, shown } from "../rule-actions.ts";

/** `flawless ignore`: exceptions that nobody hears of. */
export default defineRuleCommand({
  name: "ignore",
  description: "Exceptions that are only counted",
  kinds: ["ignored_exceptions"],
  args: {
    exception: {
      type: "positional",
      description: "Its type; KeyError also names app.errors.KeyError",
    },
  },
  read: async (args) => ({ kind: "ignored_exceptions", body: { exception: args.exception } }),
  columns: [{ title: "exception", minWidth: 10, of: ({ exception }) => shown(exception) }],
  say: ({ exception }) => `${shown(exception)} is ignored`,
  examples: {
    add: [
      {
        command: "flawless ignore add asyncio.CancelledError",
        does: "Events of this type are counted under the rule, and that is all.",
      },
    ],
    list: [{ command: "flawless ignore list", does: "All of them, with their counts." }],
    remove: [{ command: "flawless ignore remove 3", does: "The exception is reported again." }],
    test: [
      {
        command: "flawless ignore test CancelledError",
        does: "Shows which errors of the last weeks would have been ignored.",
      },
    ],
  },
});
