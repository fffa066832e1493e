/** @jsxImportSource hono/jsx */

import { Act } from "./act.tsx";
import { errorAddress } from "./error-address.ts";
import type { ErrorPageInput } from "./error-page-input.ts";
import { FormToken } from "./form-token-field.tsx";
import { ruleFormPath } from "./rule-words.ts";

type Props = { input: ErrorPageInput };

/**
 * What leads to a rule about an error's line: the filled-in form for those who are signed in; an
 * addressee whitelists this line and nothing beside it.
 */
export function RuleForms({ input }: Props) {
  return input.visitor.addressee === null ? (
    <RuleLinks input={input} />
  ) : (
    <LineWhitelist input={input} />
  );
}

function RuleLinks({ input: { detail, knownBy, isOneOfSeveral } }: Props) {
  if (detail.kind !== "blamed") return null;
  const { path, functionName, text } = detail.facts.culprit;
  const code = {
    filename: path,
    function_name: functionName,
    ...(isOneOfSeveral && { project: String(detail.projectId) }),
  };
  const known = new URLSearchParams({ ...code, code_fragment: text.trim() });
  return (
    <>
      {knownBy === null && (
        <a class="button small" id="whitelist" href={`${ruleFormPath("known_errors")}?${known}`}>
          Whitelist
        </a>
      )}
      <a
        class="button small"
        href={`${ruleFormPath("building_blocks")}?${new URLSearchParams(code)}`}
      >
        Building block
      </a>
    </>
  );
}

function LineWhitelist({ input: { detail, visitor, knownBy, canWhitelist } }: Props) {
  if (knownBy !== null && !knownBy.isOwn) return null;
  if (knownBy === null && !canWhitelist) return null;
  const isUndo = knownBy !== null;
  const below = isUndo ? "whitelist/undo" : "whitelist";
  const form = (
    <form
      method="post"
      action={errorAddress(detail.id, visitor, below)}
      id="whitelist"
      class={isUndo ? undefined : "form"}
    >
      <FormToken token={visitor.formToken} />
      {!isUndo && (
        <p>Says that errors in this line are expected: nobody gets mail about them any more.</p>
      )}
      <button type="submit" class={isUndo ? "small" : undefined}>
        {isUndo ? "Whitelist no more" : "Whitelist this line"}
      </button>
    </form>
  );
  return isUndo ? (
    form
  ) : (
    <Act label="Whitelist" isOpen={false}>
      {form}
    </Act>
  );
}
