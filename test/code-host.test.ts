import { describe, expect, test } from "bun:test";
import { ada, GitRepo } from "./helpers/git-repo.ts";
import { runFlawless, wireEvent } from "./helpers/running.ts";

const source = "function charge() {\n  throwIt();\n}\n";
const frame = { filename: "/app/src/pay.ts", line_number: 2, text: "  throwIt();" };

describe("the page of an error leads to the code host", () => {
  test.each<[remote: string | null, options: Record<string, unknown>, root: string | null]>([
    ["https://ada:secret@github.com/acme/shop.git", {}, "https://github.com/acme/shop"],
    ["git@git.acme.example:acme/shop.git", {}, null],
    [
      "git@git.acme.example:acme/shop.git",
      { code_host: "github" },
      "https://git.acme.example/acme/shop",
    ],
    ["https://github.com/acme/shop.git", { code_host: "none" }, null],
    [null, {}, null],
  ])("of origin %p with %j", async (remote, options, root) => {
    await using repo = await GitRepo.create();
    const commit = await repo.commit(ada, { "src/pay.ts": source });
    if (remote !== null) await repo.git("remote", "add", "origin", remote);
    await using running = await runFlawless(repo, options);
    const { url } = running.flawless;
    await running.report(wireEvent(frame, { release: commit }));
    await running.flawless.idle();
    const report = await (await fetch(`${url}/api/report`)).json();
    const { id } = report.developers[0].errors[0];
    const page = await (await fetch(`${url}/errors/${id}`)).text();
    const outside = [...page.matchAll(/href="(https?:[^"]+)"/g)].map(([, href]) => href);
    const wanted = [`/blob/${commit}/src/pay.ts#L2`, `/commit/${commit}`];
    expect([...new Set(outside)]).toEqual(root === null ? [] : wanted.map((path) => root + path));
    expect(page).not.toContain("secret");
  });
});
