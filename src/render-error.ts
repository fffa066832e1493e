import type { WireCause, WireFrame } from "./capture/wire.ts";
import { styled } from "./command-line/styled.ts";
import { wrapText } from "./command-line/wrap-text.ts";
import { formatTime } from "./domain/format-time.ts";
import { escapeControls } from "./log.ts";
import { describeState } from "./render-report.ts";
import type { ErrorJson } from "./web/report.ts";

/** All about one error for people: facts, tracebacks with variables, the reason for the blame. */
export function renderError(error: ErrorJson, timeZone: string, width: number): string[] {
  const { latest_event, decision, mails } = error;
  const time = (at: string) => formatTime(Date.parse(at), timeZone);
  const exceptions = [...(latest_event.causes ?? []).toReversed(), latest_event];
  return [
    styled("bold", titleOf(error)),
    ...facts(
      [
        ["Line", error.filename && `${error.filename}:${error.line_number} ${error.function_name}`],
        ["Assigned to", error.developer_email],
        ["Events", error.error_count.toLocaleString("en-US")],
        ["First seen", time(error.first_occurrence)],
        ["Last seen", time(error.last_occurrence)],
        ["Committed", error.date === null ? "" : time(error.date)],
        ["Commit", error.commit ?? ""],
        ["Host", latest_event.hostname],
        ["Release", latest_event.release ?? ""],
        ["Environment", latest_event.environment ?? ""],
        ["State", describeState(error)],
        ["Expected", error.is_known_error ? "a known error" : ""],
        ...mails.map(({ reason, recipient, state }): [string, string] => [
          "Mail",
          `${state.replace("_", " ")} to ${recipient} (${reason})`,
        ]),
      ],
      width,
    ),
    ...exceptions.flatMap((exception, i) => [
      "",
      ...(i === 0 ? [] : ["The above exception was the direct cause of the following:", ""]),
      ...traceback(exception),
    ]),
    ...section("Additional information", (latest_event.additional_info ?? "").split("\n")),
    "",
    styled("bold", error.commit === null ? "Why nobody is accused" : "Why this developer"),
    ...facts(
      [
        ["Reason", decision.no_culprit ?? ""],
        ["Revision", `${decision.revision ?? ""}  ${decision.revision_how}`],
        ["Confidence", decision.confidence ?? ""],
        [
          "Moved",
          decision.relocated_from === null
            ? ""
            : `the client said line ${decision.relocated_from}; the text stands here`,
        ],
        ...decision.frames
          .toReversed()
          .map(({ path, filename, line_number, type, chosen, why }): [string, string] => [
            chosen ? "Chosen" : "Frame",
            `${path ?? filename}:${line_number}  ${type}: ${why}`,
          ]),
        ...decision.recipient_steps.map((step): [string, string] => ["Who", step]),
      ],
      width,
    ),
  ];
}

function traceback({ exception_type, exception_message, traceback }: WireCause): string[] {
  return [
    "Traceback (most recent call last):",
    ...traceback.flatMap(frameLines),
    ...messageLines(exception_type, exception_message),
  ];
}

function titleOf({ exception_type, exception_message }: ErrorJson): string {
  const [first = "", ...more] = messageLines(exception_type, exception_message);
  return more.length === 0 ? first : `${first} …`;
}

/** Lines after the first are indented, so that no message passes for what flawless says. */
function messageLines(type: string, message: string): string[] {
  const lines = message.trimEnd().split(/\r\n|\r|\n/);
  const [first = "", ...more] = lines.map(safe);
  return [
    first === "" ? safe(type) : `${safe(type)}: ${first}`,
    ...more.map((line) => `    ${line}`),
  ];
}

function frameLines({
  filename,
  line_number,
  function_name,
  text,
  frame_locals,
}: WireFrame): string[] {
  const variables = Object.entries(frame_locals ?? {});
  return [
    safe(`  File "${filename}", line ${line_number}, in ${function_name || "<anonymous>"}`),
    ...(text?.trim() ? [safe(`     ${text.trim()}`)] : []),
    ...variables.map(([name, value]) => styled("dim", safe(`       ${name} = ${value}`))),
  ];
}

function section(title: string, lines: string[]): string[] {
  const shown = lines.map(safe);
  return shown.every((line) => line.trim() === "")
    ? []
    : ["", styled("bold", title), ...shown.map((line) => `  ${line}`)];
}

function facts(rows: readonly (readonly [string, string])[], width: number): string[] {
  const labelWidth = 13;
  const present = rows.filter(([, value]) => value.trim() !== "");
  return present.flatMap(([label, value], i) => {
    const [first = "", ...rest] = wrapText(safe(value.trim()), width - labelWidth - 2);
    const name = present[i - 1]?.[0] === label ? "" : label;
    return [
      `  ${styled("dim", name.padEnd(labelWidth))}${first}`,
      ...rest.map((line) => " ".repeat(labelWidth + 2) + line),
    ];
  });
}

function safe(text: string): string {
  return escapeControls(text);
}
