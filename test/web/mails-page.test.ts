import { expect, test } from "bun:test";
import type { DueMail, MailRow } from "../../src/store/mail-row.ts";
import { renderMailPage, renderMailsPage } from "../../src/web/mails-page.tsx";
import { linksOf, onlyText, readPage } from "./read-page.ts";
import { CONTEXT, sampleMail, sampleMailRow } from "./samples.ts";

function renderOne(mail: DueMail, parts: MailRow[] = [], hasMoreParts = false): string {
  return renderMailPage({ ...CONTEXT, mail, parts, hasMoreParts });
}

test("the list shows every mail with its state, and an answer only where it is not sent", () => {
  const mails = [
    sampleMailRow({ id: 9, state: "queued", lastAnswer: "connection refused", attempts: 3 }),
    sampleMailRow({ id: 8, inDoubt: true }),
    sampleMailRow({ id: 7, state: "given_up", lastAnswer: "451 later" }),
  ];
  const elements = readPage(renderMailsPage({ ...CONTEXT, mails, hasMore: false }));
  const rows = elements.filter(({ name }) => name === "tr").map(({ text }) => text);
  expect(rows).toHaveLength(4);
  expect(rows[1]).toContain("connection refused");
  expect(rows[1]).toContain("ada@example.comQueued3");
  expect(rows[2]).toContain("ada@example.comSent In doubt1");
  expect(rows[2]).not.toContain("250 2.0.0");
  expect(rows[3]).toContain("451 later");
  expect(rows[3]).toContain("Given up");
  expect(linksOf(elements, sampleMailRow().subject)).toEqual(["/mails/9", "/mails/8", "/mails/7"]);
  expect(onlyText(elements, "main")).not.toContain("Only the newest");
});

test("the list says that there are older ones, or none at all", () => {
  const mails = [sampleMailRow()];
  const cut = readPage(renderMailsPage({ ...CONTEXT, mails, hasMore: true }));
  expect(onlyText(cut, "main")).toContain("Only the newest 1 are shown.");
  const none = readPage(renderMailsPage({ ...CONTEXT, mails: [], hasMore: false }));
  expect(onlyText(none, "main")).toContain("No mail was written yet.");
});

test("a mail shows both of its parts, the HTML one in a sandbox that may do nothing", () => {
  const html = '<!DOCTYPE html><p style="color:red">"quoted" & <b>bold</b></p>';
  const mail = sampleMail({ html, text: "first line\n  second <line>" });
  const elements = readPage(renderOne(mail));
  const frame = elements.find(({ name }) => name === "iframe");
  expect(frame?.attributes.sandbox).toBe("");
  expect(frame?.attributes.srcdoc).toBe(html);
  expect(onlyText(elements, "pre")).toBe("first line\n  second <line>");
});

test("a mail shows what became of it", () => {
  const sent = onlyText(readPage(renderOne(sampleMail())), "main");
  for (const shown of [
    "StateSent",
    "Toada@example.com",
    "Fromflawless@example.com",
    "Reasonfirst",
    "Attempts1",
    "Last answer250 2.0.0 Ok: queued as 4XyZ",
    "Sent2026-11-22 09:00:02 CET",
    "Message-ID<e1.1@flawless.example.com>",
  ]) {
    expect(sent).toContain(shown);
  }
  expect(sent).not.toContain("Next attempt");
  expect(sent).not.toContain("In doubt");

  const mail = { ...sampleMail(), state: "queued" as const, inDoubt: true, sentAt: null };
  const waiting = onlyText(readPage(renderOne(mail)), "main");
  expect(waiting).toContain("Next attempt2026-11-22 09:00:01 CET");
  expect(waiting).toContain("the mail may have arrived twice");
  expect(waiting).not.toContain("09:00:02");
});

test("a mail leads to its error; one about flawless itself does not", () => {
  const about = readPage(renderOne(sampleMail()));
  expect(linksOf(about, "Open the error")).toEqual(["/errors/00000000000000e1"]);
  const trouble = { ...sampleMail(), errorId: null };
  expect(linksOf(readPage(renderOne(trouble)), "Open the error")).toEqual([]);
});

test("a held mail says what it waits for, and where it is gone when it is part of a digest", () => {
  const held = { ...sampleMail(), state: "held" as const, attempts: 0, sentAt: null };
  const waiting = readPage(renderOne(held));
  expect(onlyText(waiting, "main")).toContain("StateHeld");
  expect(onlyText(waiting, "main")).toContain("It becomes part of the next one to this person.");
  expect(onlyText(waiting, "main")).not.toContain("Next attempt");

  const gone = readPage(renderOne({ ...sampleMail(), digestId: 12 }));
  expect(linksOf(gone, "Open the digest")).toEqual(["/mails/12"]);
  expect(onlyText(gone, "main")).toContain("StateSent");
  expect(onlyText(readPage(renderOne(sampleMail())), "main")).not.toContain("Digest");
});

test("a digest leads to its errors, and says when there are more than it shows", () => {
  const digest = { ...sampleMail(), kind: "digest" as const, errorId: null };
  const parts = [
    sampleMailRow({ id: 8, errorId: "00000000000000e8", subject: "eight", digestId: 7 }),
    sampleMailRow({ id: 9, errorId: "00000000000000e9", subject: "nine <b>", digestId: 7 }),
  ];
  const page = readPage(renderOne(digest, parts, true));
  expect(linksOf(page, "eight")).toEqual(["/errors/00000000000000e8"]);
  expect(linksOf(page, "nine <b>")).toEqual(["/errors/00000000000000e9"]);
  expect(onlyText(page, "main")).toContain("Only the first 2 are shown.");
  expect(onlyText(readPage(renderOne(digest, parts)), "main")).not.toContain("Only the first");
});
