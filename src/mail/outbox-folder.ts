import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { access, constants, mkdir, open, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Mailer, OutgoingMail, Readiness, SendOutcome } from "./mailer.ts";
import { writeMime } from "./mime.ts";

/**
 * Writes mails as `.eml` files to a folder, for people without a mail server and for trying out.
 * A mail's file name follows from its date and id, so a second try writes the same file.
 *
 * @param folder made when it does not exist
 */
export function createOutboxFolder(folder: string): Mailer {
  return {
    name: "outbox",
    recognisesRepeatsForMs: Number.POSITIVE_INFINITY,
    send: (mail) => writeMail(folder, mail),
    check: () => checkFolder(folder),
    close: async () => {},
  };
}

/** The file that a mail is written to, within the folder. */
export function outboxFileName(mail: OutgoingMail): string {
  const time = mail.date.replace(/[^0-9TZ]/g, "").slice(0, 24);
  const id = createHash("sha256").update(mail.messageId).digest("hex").slice(0, 16);
  return `${time}-${id}.eml`;
}

async function writeMail(folder: string, mail: OutgoingMail): Promise<SendOutcome> {
  const mime = await writeMime(mail);
  if (!mime) return { kind: "refused", answer: "The sender or recipient is not one mail address." };
  const name = outboxFileName(mail);
  try {
    // The parent's entry for a new folder has to reach the disk too.
    if (await mkdir(folder, { recursive: true, mode: 0o700 })) await syncFolder(dirname(folder));
    const unfinished = join(folder, `.${name}.part`);
    await using file = await open(unfinished, "w", 0o600);
    await file.writeFile(mime.bytes);
    await file.sync();
    await rename(unfinished, join(folder, name));
    await syncFolder(folder);
    return { kind: "sent", answer: `Written to ${name}` };
  } catch (error) {
    return { kind: "retry", answer: error instanceof Error ? error.message : String(error) };
  }
}

async function checkFolder(folder: string): Promise<Readiness> {
  try {
    let existing = folder;
    while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
    await access(existing, constants.W_OK);
    return { isReady: true, answer: `mails are written to the folder ${folder}` };
  } catch (error) {
    return { isReady: false, answer: error instanceof Error ? error.message : String(error) };
  }
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}
