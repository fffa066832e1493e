import { expect, test } from "bun:test";
import { maskDecision } from "../../../src/domain/secrets/mask-decision.ts";
import { sampleErrorMail } from "../../helpers/sample-error.ts";

const TOKEN = "ghp_Ab3dE6gH1jK2mN4pQ5rS7tU8vW9xYz004cdE";

test("an unknown release that is a token is in no sentence about the revision", () => {
  const { decision } = sampleErrorMail();
  const revisionHow = `the release "${TOKEN}" is unknown; 3f2c1ab4d5e6 is the newest state`;
  expect(maskDecision({ ...decision, revisionHow }, () => "[masked]").revisionHow).toBe(
    'the release "[masked]" is unknown; 3f2c1ab4d5e6 is the newest state',
  );
});
