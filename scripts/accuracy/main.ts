import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readArguments } from "./arguments.ts";
import { measure } from "./measure.ts";
import { createOracle } from "./oracle.ts";
import { readRealHistory } from "./real-history.ts";
import { realScenarios } from "./real-scenarios.ts";
import { createAccuracyGit, openSubject } from "./subject.ts";

const args = readArguments(process.argv.slice(2));
if (args) {
  const folder = mkdtempSync(join(tmpdir(), "flawless-accuracy-"));
  try {
    const git = createAccuracyGit();
    const subject = await openSubject(git, args.path, folder);
    const oracle = await createOracle(git, subject.dir, subject.tip, folder);
    const history = await readRealHistory(git, subject.dir, subject.tip);
    for (const s of realScenarios(history, oracle, args.seed)) {
      if (process.env.ONLY && !new RegExp(process.env.ONLY).test(s.name)) continue;
      const t = performance.now();
      const r = await measure(s, args.samples, subject, () => {});
      const n = r.right + r.abstained + r.wrong;
      console.log(
        r.scenario.padEnd(40),
        n,
        "right",
        ((100 * r.right) / n).toFixed(1),
        "abst",
        r.abstained,
        "wrong",
        r.wrong,
        r.perSecond.toFixed(1) + "/s",
        ((performance.now() - t) / 1000).toFixed(1) + "s",
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
