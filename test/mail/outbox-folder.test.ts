import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeMime } from "../../src/mail/mime.ts";
import { createOutboxFolder, outboxFileName } from "../../src/mail/outbox-folder.ts";
import { sampleMail } from "../helpers/sample-mail.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flawless-outbox-"));
});
afterEach(() => rm(folder, { recursive: true }));

const never = () => Promise.reject(new Error("the outbox folder is never in doubt"));

test("a mail becomes one private file, and a second try the same one", async () => {
  const outbox = createOutboxFolder(join(folder, "data", "outbox"));
  const mail = sampleMail();
  for (const _ of [1, 2]) expect((await outbox.send(mail, never)).kind).toBe("sent");
  const name = outboxFileName(mail);
  expect(await readdir(join(folder, "data", "outbox"))).toEqual([name]);
  const path = join(folder, "data", "outbox", name);
  const mime = await writeMime(mail);
  expect(mime?.bytes.equals(await readFile(path))).toBe(true);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, "data", "outbox"))).mode & 0o777).toBe(0o700);
});

test("names sort by time, differ by id, and never leave the folder", async () => {
  const outbox = createOutboxFolder(folder);
  const mails = [
    sampleMail({ date: "2026-11-22T12:00:00.001Z", messageId: "<../../etc/passwd@x>" }),
    sampleMail({ date: "2026-11-22T12:00:00.001Z", messageId: "<a/b@x>" }),
    sampleMail({ date: "2026-11-22T12:00:00.000Z", messageId: "<c@x>" }),
  ];
  for (const mail of mails) expect((await outbox.send(mail, never)).kind).toBe("sent");
  const names = (await readdir(folder)).sort();
  expect(names).toHaveLength(3);
  expect(names[0]).toMatch(/^20261122T120000000Z-[0-9a-f]{16}\.eml$/);
});

test("a folder that cannot be written is trouble that passes: retry", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  const outbox = createOutboxFolder(join(file, "outbox"));
  expect((await outbox.send(sampleMail(), never)).kind).toBe("retry");
});

test("a mail without one recipient is refused and leaves no file", async () => {
  const outbox = createOutboxFolder(folder);
  expect((await outbox.send(sampleMail({ to: "a@x.org,b@x.org" }), never)).kind).toBe("refused");
  expect(await readdir(folder)).toEqual([]);
});
