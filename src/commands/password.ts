import { defineCommand } from "../command-line/command.ts";
import { readPassword } from "../command-line/read-password.ts";

/** `flawless password`: makes the hash of the password that opens the pages. */
export default defineCommand({
  meta: {
    name: "password",
    description: "Makes admin_password_hash, so that a password opens the pages",
  },
  args: {
    json: { type: "boolean", description: "Print JSON" },
  },
  examples: [
    {
      command: "flawless password",
      does: "Asks for a password twice, and prints the line for the configuration file.",
    },
    {
      command: "flawless password >> flawless.toml",
      does: "Puts that line at the end of a file without tables, as it stands above those.",
    },
    {
      command: "flawless password < password.txt",
      does: "Takes the password from a file, or from a program before a pipe.",
    },
  ],
  async run({ args }) {
    const password = await readPassword(process.stdin, process.stderr);
    const hash = await Bun.password.hash(password, "argon2id");
    process.stdout.write(
      args.json
        ? `${JSON.stringify({ admin_password_hash: hash })}\n`
        : `admin_password_hash = "${hash}"\n`,
    );
  },
});
