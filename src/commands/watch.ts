import { defineRuleCommand, shown } from "../rule-actions.ts";

/** `flawless watch`: who also gets the mail about a file or folder. */
export default defineRuleCommand({
  name: "watch",
  description: "Who also gets the mail about a file or folder",
  kinds: ["watch_list"],
  args: {
    email: { type: "positional", description: "Who watches" },
    path: { type: "positional", description: "File or folder of the repository; / for everything" },
    all: {
      type: "boolean",
      description: "All errors that pass through it, not only those it is to blame for",
    },
  },
  read: async (args) => ({
    kind: "watch_list",
    body: { email: args.email, filepath: args.path, watch_all_errors: args.all === true },
  }),
  columns: [
    { title: "who", minWidth: 10, of: ({ email }) => shown(email) },
    {
      title: "watches",
      minWidth: 8,
      cut: "start",
      of: ({ filepath }) => shown(filepath) || "everything",
    },
    { title: "of", of: ({ watch_all_errors }) => (watch_all_errors ? "all errors" : "blamed") },
  ],
  say: ({ email, filepath }) => `${shown(email)} watches ${shown(filepath) || "everything"}`,
  examples: {
    add: [
      {
        command: "flawless watch add dev@example.com src/pay",
        does: "Copies mail about code below src/pay.",
      },
      {
        command: "flawless watch add lead@example.com / --all",
        does: "Copies all mail.",
      },
    ],
    list: [{ command: "flawless watch list", does: "All watchers." }],
    remove: [
      { command: "flawless watch remove 3", does: "Ends the watch that `list` shows as 3." },
    ],
    test: [
      {
        command: "flawless watch test dev@example.com src/pay",
        does: "Shows which errors of the last weeks would have been copied.",
      },
    ],
  },
});
