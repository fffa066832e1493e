import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPackage } from "../scripts/build-capture.ts";
import { addDays, dayOf, weekStart } from "../src/domain/week.ts";
import { ada, bob, GitRepo } from "./helpers/git-repo.ts";
import { runFlawless } from "./helpers/running.ts";

const program = `import { init, wrapFunction } from "flawless/capture";
import { charge } from "./src/pay.js";

init({ errorThreshold: 1 });

const handle = wrapFunction(async function handle(order) {
  await null;
  return charge(order.card);
});

await handle({ id: 7, card: { number: "4111" } }).catch(() => {});
throw new RangeError("the end");
`;

const firstPay = `export function charge(card) {
  return card.number.length;
}
`;

const pay = `export function charge(card) {
  const owner = card.owner.name;
  return owner + card.number;
}
`;

/** What a program installs: the module built for programs. */
function installCapture(folder: string): Promise<void> {
  return buildPackage(join(folder, "node_modules", "flawless"));
}

test.each(["node", process.execPath])(
  "a program on %s is blamed by itself, and dies as it would",
  async (runtime) => {
    await using repo = await GitRepo.create();
    const began = await repo.commit(ada, {
      "package.json": '{"type":"module"}\n',
      ".gitignore": "node_modules\n",
      "main.js": program,
      "src/pay.js": firstPay,
    });
    const wrote = await repo.commit(bob, { "src/pay.js": pay });
    await installCapture(repo.dir);
    await using running = await runFlawless(repo);
    const home = await mkdtemp(join(tmpdir(), "flawless-home-"));
    try {
      const child = Bun.spawn([runtime, join(repo.dir, "main.js")], {
        cwd: repo.dir,
        env: {
          PATH: process.env.PATH ?? "",
          HOME: home,
          FLAWLESS_DSN: running.flawless.projects[0].dsns.get("default") ?? "",
        },
        stdout: "pipe",
        stderr: "pipe",
      });
      const [status, stderr] = [await child.exited, await new Response(child.stderr).text()];
      expect(status).toBe(1);
      expect(stderr).toContain("RangeError: the end");
      await running.flawless.idle();

      const week = weekStart(dayOf(running.clock.now(), "UTC"));
      const errors = await running.flawless.store.report(week, addDays(week, 6), null);
      const found = errors.map(({ count, origin, facts }) => ({
        count,
        origin,
        developer: facts.developer,
        confidence: facts.confidence,
        line: facts.culprit.line,
      }));
      // Its release is the commit that is checked out: exact, although nobody said it.
      expect(found.sort((a, b) => a.line - b.line)).toEqual([
        {
          count: 1,
          origin: { commit: wrote, path: "src/pay.js", line: 2 },
          developer: bob.email,
          confidence: "exact",
          line: 2,
        },
        {
          count: 1,
          origin: { commit: began, path: "main.js", line: 12 },
          developer: ada.email,
          confidence: "exact",
          line: 12,
        },
      ]);
      const mails = await running.flawless.store.mails(9);
      expect(mails.map(({ recipient }) => recipient).sort()).toEqual([ada.email, bob.email]);
      const toBob = mails.find(({ recipient }) => recipient === bob.email);
      const mail = await running.flawless.store.mail(toBob?.id ?? 0);
      expect(mail?.mail.text).toContain("order={id: 7");
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
  60_000,
);
