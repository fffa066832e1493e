import { defineRuleCommand, shown } from "../rule-actions.ts";

/** `flawless disown`: who answers for code instead of its author. */
export default defineRuleCommand({
  name: "disown",
  description: "Who answers for code below a path instead of its author",
  kinds: ["disownership_list"],
  args: {
    email: { type: "positional", description: "Who is to hear of it no more" },
    path: { type: "positional", description: "File or folder of the repository; / for everything" },
    designated: { type: "positional", description: "Who hears of it instead" },
  },
  read: async (args) => ({
    kind: "disownership_list",
    body: { email: args.email, filepath: args.path, designated_email: args.designated },
  }),
  columns: [
    { title: "who", minWidth: 10, of: ({ email }) => shown(email) },
    {
      title: "disowns",
      minWidth: 8,
      cut: "start",
      of: ({ filepath }) => shown(filepath) || "everything",
    },
    { title: "in favour of", minWidth: 10, of: (rule) => shown(rule.designated_email) },
  ],
  say: (rule) =>
    `${shown(rule.designated_email)} answers for ${shown(rule.filepath) || "everything"} of ${shown(rule.email)}`,
  examples: {
    add: [
      {
        command: "flawless disown add ada@example.com src/pay bob@example.com",
        does: "Bob hears of Ada's lines below src/pay.",
      },
    ],
    list: [{ command: "flawless disown list", does: "All of them." }],
    remove: [{ command: "flawless disown remove 3", does: "Ada answers for her lines again." }],
    test: [
      {
        command: "flawless disown test ada@example.com src/pay bob@example.com",
        does: "Shows which errors of the last weeks Bob would have got.",
      },
    ],
  },
});
