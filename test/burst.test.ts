import { expect, test } from "bun:test";
import { addDays, dayOf, weekStart } from "../src/domain/week.ts";
import { ada, bob, GitRepo, lines } from "./helpers/git-repo.ts";
import { mostAtOnce, wrapGit } from "./helpers/git-wrapper.ts";
import { runFlawless, wireEvent } from "./helpers/running.ts";

test("500 events from 500 lines are all blamed, with never more git than allowed", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(500) });
  const every2nd = Object.fromEntries(
    Array.from({ length: 250 }, (_, i) => [2 * i + 2, `bob(${i});`] as const),
  );
  const release = await repo.commit(bob, { "src/pay.ts": lines(500, every2nd) });
  // Fetching has a slot of its own; these are what is asked about events.
  await using git = await wrapGit(`
    case "$*" in
      *" blame "*|*" ls-tree "*|*" cat-file "*|*" rev-parse "*|*" log "*|*" rev-list --parents "*) ;;
      *) exec git "$@" ;;
    esac
    echo + >> "$LOG"
    git "$@"
    status=$?
    echo - >> "$LOG"
    exit $status`);
  await using running = await runFlawless(repo, {
    git_cli_path: git.path,
    max_concurrent_git_blames: 4,
    max_mails_per_recipient_hour: 500,
  });
  const text = (line: number) => every2nd[line] ?? `const value${line} = ${line};`;
  const events = Array.from({ length: 500 }, (_, i) =>
    wireEvent(
      { filename: "/srv/shop/src/pay.ts", line_number: i + 1, text: text(i + 1) },
      { release },
    ),
  );
  await Promise.all(events.map((event) => running.report(event)));
  await running.flawless.idle();

  const week = weekStart(dayOf(running.clock.now(), "UTC"));
  const errors = await running.flawless.store.report(week, addDays(week, 6), null);
  expect(errors).toHaveLength(500);
  for (const { origin, count, facts } of errors) {
    expect(count).toBe(1);
    expect(facts.developer).toBe((origin?.line ?? 0) % 2 === 0 ? bob.email : ada.email);
  }
  expect((await running.flawless.store.health()).waitingRows).toBe(0);
  expect(await running.outbox()).toHaveLength(500);
  const log = await git.log();
  expect(log.length).toBeGreaterThan(1000);
  expect(mostAtOnce(log)).toBeLessThanOrEqual(4);
}, 120_000);
