import { select } from "@clack/prompts";
import type { FileValue } from "../config/edit-file.ts";
import type { Place } from "../config/kinds.ts";
import type { Config, OptionName } from "../config/options.ts";
import { askQuestions } from "./ask.ts";
import { cancelled, unlessCancelled } from "./cancelled.ts";
import { tryMail } from "./try-mail.ts";

/**
 * Asks all questions, again where no mail would leave and the user wants that.
 *
 * @param load what would count with these values in the file
 * @throws {UserError} at Ctrl-C
 */
export async function interview(
  given: ReadonlyMap<OptionName, FileValue>,
  place: Place,
  load: (values: ReadonlyMap<OptionName, FileValue>) => Config,
): Promise<Map<OptionName, FileValue>> {
  const values = new Map(given);
  for (;;) {
    for (const [name, value] of await askQuestions(load(values), place)) values.set(name, value);
    const config = load(values);
    if (config.email_transport === "outbox" || (await tryMail(config))) return values;
    const next = unlessCancelled(
      await select({
        message: "What now?",
        options: [
          { value: "again", label: "Go through the questions again" },
          { value: "keep", label: "Write it nevertheless" },
          { value: "stop", label: "Write nothing" },
        ],
      }),
    );
    if (next === "stop") throw cancelled();
    if (next === "keep") return values;
  }
}
