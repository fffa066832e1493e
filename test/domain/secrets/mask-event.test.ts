import { expect, test } from "bun:test";
import { maskEvent } from "../../../src/domain/secrets/mask-event.ts";
import { sampleEvent, sampleFrame } from "../../helpers/sample-error.ts";

const SECRET = `ghp_${"Zf3D0LXC".repeat(5)}`;

test("no part of an event keeps a token", () => {
  const frames = [
    sampleFrame({
      filename: `/a/${SECRET}.js?token=hunter2`,
      functionName: SECRET,
      text: SECRET,
      preContext: [SECRET],
      postContext: [SECRET],
      frameLocals: { [SECRET]: "1", password: "hunter2", user: "{ token: 'hunter2' }" },
    }),
  ];
  const { value, masked } = maskEvent(
    sampleEvent({
      hostname: SECRET,
      release: SECRET,
      environment: SECRET,
      exceptionType: SECRET,
      exceptionMessage: `no user with token=hunter2`,
      additionalInfo: "Cookie: hunter2",
      occurredAt: SECRET,
      frames,
      causes: [{ exceptionType: SECRET, exceptionMessage: "password: hunter2", frames }],
    }),
  );
  expect(JSON.stringify(value)).not.toMatch(/hunter2|ghp_/);
  expect(masked).toBe(27);
  expect(value.frames[0]?.frameLocals).toEqual({
    "[masked]": "1",
    password: "[masked]",
    user: "{ token: '[masked]' }",
  });
});

test("code stays code, and an event without secrets stays what it is", () => {
  const event = sampleEvent({
    frames: [sampleFrame({ text: "const token = request.cookies.session; // password: later" })],
  });
  expect(maskEvent(event)).toEqual({ value: event, masked: 0 });
});
