import { expect, test } from "bun:test";
import { renderHealthPage } from "../../src/web/health-page.tsx";
import { renderMessagePage } from "../../src/web/message-page.tsx";
import { onlyText, readPage } from "./read-page.ts";
import { CONTEXT, sampleHealth } from "./samples.ts";

test("shows the numbers, the repositories and the configuration", () => {
  const health = sampleHealth();
  const elements = readPage(renderHealthPage({ ...CONTEXT, health, maySeeAll: true }));
  const main = onlyText(elements, "main");
  for (const shown of [
    "Well Everything works.",
    "Counted120,345",
    "Waiting17",
    "Oldest waiting2 minutes ago",
    "Queued1",
    "Refused1",
    "Last sent30 minutes ago",
    "Disk20.0 GB free",
    "Repository of shop",
    "Last fetch2026-11-23 08:59:00 CET",
    "port9028",
    "smtp_password********",
    "default_contactnot set",
    "ignore_vcs_email_domainfalse",
    "email_allowed_domainsexample.com, example.org",
  ]) {
    expect(main).toContain(shown);
  }
  expect(main).not.toContain("Failure");
  expect(main).not.toContain("To mend");
  expect(onlyText(elements, "footer")).toBe("flawless 0.1.0");
});

test("shows what is not well", () => {
  const [repository] = sampleHealth().repositories;
  if (!repository) throw new Error("the sample has a repository");
  const health = sampleHealth({
    problems: ["the repository of shop cannot be fetched"],
    repositories: [{ ...repository, fetchedAt: null, failure: "fatal: no route to host" }],
  });
  const elements = readPage(renderHealthPage({ ...CONTEXT, health, maySeeAll: true }));
  const main = onlyText(elements, "main");
  expect(onlyText(elements, "h1")).toBe("Not well Something needs a look.");
  expect(main).toContain("the repository of shop cannot be fetched");
  expect(main).toContain("Last fetchnone yet");
  expect(main).toContain("Failurefatal: no route to host");
});

test.each([
  [[], "Well Everything works."],
  [["the repository of shop cannot be fetched"], "Not well Something needs a look."],
])("without sign-in it says only whether it is well: %j", (problems, shown) => {
  const health = sampleHealth({ problems });
  const html = renderHealthPage({ ...CONTEXT, health, maySeeAll: false });
  expect(onlyText(readPage(html), "main")).toBe(shown);
  expect(html).not.toContain(CONTEXT.version);
});

test("a message has its hint where there is one", () => {
  const message = { title: "404", message: "there is no such error" };
  expect(onlyText(readPage(renderMessagePage({ ...message, hint: null })), "main")).toBe(
    "404there is no such error",
  );
  const hinted = readPage(renderMessagePage({ ...message, hint: "Look at the report." }));
  expect(onlyText(hinted, "main")).toBe("404there is no such errorLook at the report.");
  expect(onlyText(hinted, "title")).toBe("404 – flawless");
});
