import { UserError } from "../user-error.ts";

/** All that is wrong with the configuration, at once. */
export class ConfigError extends UserError {
  override readonly name: string = "ConfigError";
  /** One sentence each, beginning with where it stands. */
  readonly problems: readonly string[];

  /** @param about `isMisuse`: the flags that were typed are wrong, and nothing else is */
  constructor(problems: readonly string[], about: { isMisuse: boolean }) {
    const [first = ""] = problems;
    super(
      problems.length === 1
        ? first
        : `${problems.length} problems in the configuration\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
      about.isMisuse
        ? { hint: "flawless start --help", exitCode: 2 }
        : { hint: "correct the configuration; `flawless options` explains every option" },
    );
    this.problems = problems;
  }
}
