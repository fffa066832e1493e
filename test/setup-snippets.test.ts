import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ada, GitRepo } from "./helpers/git-repo.ts";
import { type Running, runFlawless } from "./helpers/running.ts";

let repo: GitRepo;
let running: Running;
/** The snippets that the page of an empty installation shows, as text. */
let snippets: string[];

const program = "def charge(card):\n    amount = 12\n    return card['id']\n\ncharge({})\n";

beforeAll(async () => {
  repo = await GitRepo.create();
  await repo.commit(ada, { "src/main.ts": "boom();\n", "pay.py": program });
  running = await runFlawless(repo);
  const page = await (await fetch(running.flawless.url)).text();
  snippets = [...page.matchAll(/<pre[^>]*>([^<]*)<\/pre>/g)].map(([, html = ""]) =>
    unescapeHtml(html),
  );
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await repo[Symbol.asyncDispose]();
});

const python = Bun.which("python3");

test.skipIf(python === null && !process.env.FLAWLESS_REQUIRE_ALL)(
  "Python reports what ends the program, with its variables, and it ends as before",
  async () => {
    const snippet = snippets.find((each) => each.includes("sys.excepthook"));
    await writeFile(join(repo.dir, "report.py"), snippet ?? "");
    const run = (code: string) =>
      Bun.spawn([python ?? "python3", "-c", `${code}import runpy\nrunpy.run_path("pay.py")`], {
        cwd: repo.dir,
        stderr: "pipe",
      });
    const plain = run("");
    const reporting = run("import report\n");
    const [plainErr, err] = await Promise.all([
      new Response(plain.stderr).text(),
      new Response(reporting.stderr).text(),
    ]);
    expect(await plain.exited).toBe(1);
    expect(await reporting.exited).toBe(1);
    expect(err).toEndWith("KeyError: 'id'\n");
    expect(plainErr).toEndWith("KeyError: 'id'\n");
    const error = await onlyError("KeyError");
    expect(error).toMatchObject({ filename: "pay.py", line_number: 3, function_name: "charge" });
    const { latest_event } = await get(`/api/errors/${error.id}`);
    expect(latest_event.traceback.at(-1).frame_locals).toEqual({ card: "{}", amount: "12" });
  },
);

test("anything that speaks HTTP reports one", async () => {
  const snippet = snippets.find((each) => each.startsWith("curl "));
  const child = Bun.spawn(["sh", "-c", snippet ?? "false"], {
    cwd: repo.dir,
    stdout: "pipe",
    stderr: "ignore",
  });
  expect(JSON.parse(await new Response(child.stdout).text())).toEqual({
    ids: [expect.any(String)],
  });
  expect(await onlyError("TypeError")).toMatchObject({
    filename: "src/main.ts",
    line_number: 1,
    developer_email: ada.email,
  });
});

async function get(path: string) {
  return await (await fetch(running.flawless.url + path)).json();
}

async function onlyError(type: string) {
  await running.flawless.idle();
  const { developers } = await get("/api/report");
  const errors = developers.flatMap(({ errors }: { errors: unknown[] }) => errors);
  const found = errors.filter(
    ({ exception_type }: { exception_type: string }) => exception_type === type,
  );
  expect(found).toHaveLength(1);
  return found[0];
}

function unescapeHtml(html: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return html.replace(/&(lt|gt|quot|#39|amp);/g, (_, name) => entities[name] ?? "");
}
