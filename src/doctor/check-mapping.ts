import { existsSync } from "node:fs";
import { addDays, dayOf } from "../domain/week.ts";
import { databasePath } from "../store/data-folder.ts";
import { openDatabase } from "../store/database.ts";
import { prepareReader } from "../store/operations.ts";
import { type Finding, good, reasonOf, warning } from "./finding.ts";

const days = 14;
const maxLooked = 200;

/** Whether the paths of recent events were found in the repository. */
export function checkMapping(dataDir: string, now: number, timeZone: string): Finding[] {
  const path = databasePath(dataDir);
  if (!existsSync(path)) return [];
  try {
    using database = openDatabase({ role: "reader", path, migrate: false });
    const reads = prepareReader(database);
    const today = dayOf(now, timeZone);
    const rows = reads.report(addDays(today, -days), today, null).slice(0, maxLooked);
    if (rows.length === 0) {
      return [
        warning("events", `none came in the last ${days} days`, "flawless start prints the DSN"),
      ];
    }
    const unmapped = rows.flatMap(({ id, kind }) => {
      if (kind !== "unblamable") return [];
      const { decision } = reads.errorDetail(id)?.facts ?? {};
      return decision?.frames.every(({ type }) => type === "unmapped") ? [decision] : [];
    });
    if (unmapped.length === 0) {
      return [good("paths", `every error of the last ${days} days has a frame in the repository`)];
    }
    const share = unmapped.length / rows.length;
    const [example] = unmapped.flatMap(({ frames }) => frames.at(-1)?.filename ?? []);
    const message = `${unmapped.length} of ${rows.length} errors of the last ${days} days have no frame in the repository`;
    if (share <= 0.2) return [good("paths", message)];
    const todo =
      "set source_root of the key, or report_runtime_package_directory_names: see docs/configuration.md";
    return [warning("paths", `${message}, such as ${example ?? "events without frames"}`, todo)];
  } catch (error) {
    return [warning("paths", reasonOf(error), "look at the database")];
  }
}
