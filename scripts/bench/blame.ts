/**
 * How long 200 new lines take from their report until all are settled, next to the same `git blame`
 * commands run directly with the same parallelism, in turns in the same run; and which git commands
 * that takes. Run: `bun run bench:blame`.
 */
import type { WireEvent } from "../../src/capture/wire.ts";
import { wrapGit } from "../../test/helpers/git-wrapper.ts";
import { type Running, runFlawless, wireEvent } from "../../test/helpers/running.ts";
import { type LongHistory, makeLongHistory, randomNumbers } from "./long-history.ts";

const COMMITS = 2_000;
const LINES = 200;
const ROUNDS = 5;
/** The default of `max_concurrent_git_blames`. */
const AT_ONCE = 10;
const TARGET = 1.25;
/** Where a command names the mirror, which is another one in every round. */
const MIRROR = "--git-dir=";
/** Every error is mailed about, but few mails leave: those are not what is measured. */
const options = { max_concurrent_git_blames: AT_ONCE, max_mails_per_recipient_hour: 1 };

await using history = await makeLongHistory(COMMITS);
const events = makeEvents(history);
const commands = await recordCommands(history, events);
const blames = commands.filter((command) => command.includes("blame"));
const rounds: { flawless: number; direct: number; single: number }[] = [];
for (let round = 0; round < ROUNDS; round++) rounds.push(await measureRound(round % 2 === 0));

const flawless = median(rounds.map((round) => round.flawless));
const direct = median(rounds.map((round) => round.direct));
const single = median(rounds.map((round) => round.single));
console.log(`${LINES} new lines, ${COMMITS} commits, ${AT_ONCE} gits at once, median of ${ROUNDS}`);
console.log(`git blame once a line   ${Math.round(single)} ms`);
console.log(`the same git blames     ${Math.round(direct)} ms`);
console.log(`flawless                ${Math.round(flawless)} ms`);
console.log(`ratio                   ${(flawless / direct).toFixed(3)}, wanted: at most ${TARGET}`);
console.log("git processes           %s", countByCommand(commands));

/** Events whose newest frame is a line that no other has; all three frames are the repository's. */
function makeEvents({ tip, files }: LongHistory): WireEvent[] {
  const all = [...files].flatMap(([path, lines]) =>
    lines.map((text, index) => ({ filename: `/srv/app/${path}`, line_number: index + 1, text })),
  );
  const random = randomNumbers(7);
  const shuffled = all
    .map((frame) => ({ frame, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ frame }) => frame);
  return shuffled.slice(0, LINES).map((frame, index) => ({
    ...wireEvent(frame, { release: tip }),
    traceback: [...shuffled.slice(LINES + 2 * index, LINES + 2 * index + 2), frame],
  }));
}

/** Every git command that the events take once the repository is fetched, in order. */
async function recordCommands({ repo }: LongHistory, someEvents: WireEvent[]): Promise<string[][]> {
  await using git = await wrapGit(`
    line=$(printf '%s\\037' "$@")
    printf '%s\\n' "$line" >> "$LOG"
    exec git "$@"`);
  await using running = await runFlawless(repo, { ...options, git_cli_path: git.path });
  await running.flawless.idle();
  const before = (await git.log()).length;
  await settleAll(running, someEvents);
  const lines = (await git.log()).slice(before);
  return lines.map((line) => line.split("\u001f").slice(0, -1));
}

/** One measurement of each, on a mirror and a store of their own. */
async function measureRound(flawlessFirst: boolean) {
  await using running = await runFlawless(history.repo, options);
  await running.flawless.idle();
  const mirror = `${running.dataDir}/repositories/${running.flawless.projects[0].project.id}`;
  const plain = blames.filter((command) => !command.includes("-M"));
  const runDirectly = async () => ({
    direct: await timed(() => runAll(blames, mirror)),
    single: await timed(() => runAll(plain, mirror)),
  });
  const first = flawlessFirst ? null : await runDirectly();
  const ms = await timed(() => settleAll(running, events));
  return { flawless: ms, ...(first ?? (await runDirectly())) };
}

async function settleAll({ flawless, report }: Running, someEvents: WireEvent[]): Promise<void> {
  for (let sent = 0; sent < LINES; sent += 100) await report(someEvents.slice(sent, sent + 100));
  await flawless.idle();
  const { errors, waitingRows } = await flawless.store.health();
  if (errors !== LINES || waitingRows > 0) throw new Error(`${errors} errors, ${waitingRows} wait`);
}

/** Runs git commands, `AT_ONCE` at once. */
async function runAll(argvs: string[][], mirror: string): Promise<void> {
  const left = argvs.map((argv) =>
    argv.map((each) => (each.startsWith(MIRROR) ? `${MIRROR}${mirror}` : each)),
  );
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const runNext = async () => {
    for (let argv = left.shift(); argv; argv = left.shift()) {
      const child = Bun.spawn(["git", ...argv], {
        env,
        stdout: "pipe",
        stderr: "inherit",
        // As flawless does: sessions share a busy machine's time among them, not processes.
        detached: true,
      });
      await Promise.all([new Response(child.stdout).text(), child.exited]);
      if (child.exitCode !== 0) throw new Error(`git ${argv.join(" ")} failed`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runNext));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** `blame 200, blame -M 150, rev-list 90`. */
function countByCommand(argvs: string[][]): string {
  const counts = new Map<string, number>();
  for (const argv of argvs) {
    const command = argv.find((each, index) => /^[a-z]/.test(each) && argv[index - 1] !== "-c");
    const name = `${command}${argv.includes("-M") ? " -M" : ""}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
