import { defineRuleCommand, shown } from "../rule-actions.ts";

/** `flawless remap`: who an address in git stands for. */
export default defineRuleCommand({
  name: "remap",
  description: "Who an address in git stands for",
  kinds: ["email_remapping"],
  args: {
    old: {
      type: "positional",
      description: "The address in git, the part before its @, or a handle of CODEOWNERS",
    },
    new: { type: "positional", description: "Where that person reads mail" },
  },
  read: async (args) => ({
    kind: "email_remapping",
    body: { old_email: args.old, new_email: args.new },
  }),
  columns: [
    { title: "address in git", minWidth: 10, of: (rule) => shown(rule.old_email) },
    { title: "stands for", minWidth: 10, of: (rule) => shown(rule.new_email) },
  ],
  say: (rule) => `${shown(rule.old_email)} stands for ${shown(rule.new_email)}`,
  examples: {
    add: [
      {
        command: "flawless remap add ada@old.example ada@example.com",
        does: "Mail to the one goes to the other.",
      },
      {
        command: "flawless remap add @example/payments payments@example.com",
        does: "Names a team of CODEOWNERS.",
      },
    ],
    list: [{ command: "flawless remap list", does: "All of them." }],
    remove: [{ command: "flawless remap remove 3", does: "The address stands for itself again." }],
    test: [
      {
        command: "flawless remap test ada@old.example ada@example.com",
        does: "Shows whose errors of the last weeks would have moved.",
      },
    ],
  },
});
