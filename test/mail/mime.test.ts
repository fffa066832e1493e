import { describe, expect, test } from "bun:test";
import { writeMime } from "../../src/mail/mime.ts";
import { sampleMail } from "../helpers/sample-mail.ts";

/** The header block's lines, unfolded. */
async function headersOf(changes: Parameters<typeof sampleMail>[0]): Promise<string[]> {
  const mime = await writeMime(sampleMail(changes));
  const [head = ""] = (mime?.bytes.toString() ?? "").split("\r\n\r\n");
  return head.replace(/\r\n[ \t]/g, " ").split("\r\n");
}

test("the same mail is the same bytes, another one has another boundary", async () => {
  const first = await writeMime(sampleMail());
  const second = await writeMime(sampleMail());
  expect(first?.bytes.equals(second?.bytes ?? Buffer.alloc(0))).toBe(true);
  const boundary = /boundary="([^"]+)"/;
  const other = await writeMime(sampleMail({ messageId: "<other@flawless.example>" }));
  expect(other?.bytes.toString().match(boundary)?.[1]).not.toBe(
    first?.bytes.toString().match(boundary)?.[1],
  );
});

test("bytes are 7-bit, lines end in CRLF and are short enough for SMTP", async () => {
  const mime = await writeMime(sampleMail({ html: "<p>ü</p>".repeat(5000) }));
  const text = mime?.bytes.toString("latin1") ?? "";
  expect(text).not.toMatch(/[^\r]\n|\r[^\n]|[\x80-\xff]/);
  expect(Math.max(...text.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(998);
  expect(text).toContain("Content-Type: text/plain; charset=utf-8");
  expect(text).toContain("Content-Type: text/html; charset=utf-8");
});

describe("no value begins another header", () => {
  const names = [
    "Auto-Submitted",
    "References",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Date",
    "MIME-Version",
    "Content-Type",
  ];
  const evil = "x\r\nBcc: eve@example.com\r\n\r\nbody\n\rX: y\0\u0085\u2028";
  test.each([
    ["subject", { subject: evil }],
    ["header value", { headers: { "Auto-Submitted": evil, References: "<a@b>" } }],
    ["message id", { messageId: `<${evil}@x>` }],
    ["sender's name", { from: `${evil} <flawless@example.com>` }],
  ])("%s", async (_where, changes) => {
    const headers = await headersOf(changes);
    expect(headers.map((line) => line.split(":")[0]).sort()).toEqual(names.toSorted());
  });

  test("a header name with anything but letters, digits and dashes is left out", async () => {
    const headers = await headersOf({ headers: { "X-A\r\nBcc": "eve@example.com", "X B": "1" } });
    expect(headers.join("\n")).not.toMatch(/eve|X B/);
  });
});

test.each([
  "",
  "ada",
  "ada@",
  "ada@x.org,eve@x.org",
  "ada@x.org eve@x.org",
  "Ada <ada@x.org>",
  "ada@x.org\r\nBcc: eve@x.org",
  "ada@x.org\0",
  "group:ada@x.org;",
  `${"a".repeat(320)}@x.org`,
])("%j is not one address", async (address) => {
  expect(await writeMime(sampleMail({ to: address }))).toBeNull();
});

test("a domain of another alphabet is written in ASCII, in header and envelope alike", async () => {
  const mime = await writeMime(sampleMail({ to: "ada@bücher.example" }));
  expect(mime?.to).toBe("ada@xn--bcher-kva.example");
  expect(mime?.bytes.toString()).toContain("To: ada@xn--bcher-kva.example\r\n");
});

test("a sender without an address is refused; one with a name is fine", async () => {
  expect(await writeMime(sampleMail({ from: "flawless" }))).toBeNull();
  const named = await writeMime(sampleMail({ from: '"Flaw, Less" <f@example.com>' }));
  expect(named?.from).toBe("f@example.com");
});
