/** @jsxImportSource hono/jsx */
import { count } from "../mail/bounds.ts";
import type { ShownFrame, ShownLine } from "./shown-frame.ts";
import type { ShownException } from "./shown-traceback.ts";

/** The exceptions with their frames, the repository's own unfolded. */
export function TracebackView({ exceptions }: { exceptions: ShownException[] }) {
  return (
    <>
      {exceptions.map((exception, index) => (
        <>
          {index > 0 && (
            <p class="quiet cause">
              The above exception was the direct cause of the following one.
              {exception.exceptionsLeft > 0 &&
                ` (${count(exception.exceptionsLeft)} in between are left out.)`}
            </p>
          )}
          <ExceptionView exception={exception} isAlone={exceptions.length === 1} />
        </>
      ))}
    </>
  );
}

function ExceptionView({ exception, isAlone }: { exception: ShownException; isAlone: boolean }) {
  return (
    <div class="exception">
      {!isAlone && (
        <h3>
          <b>{exception.exceptionType}</b>
          {exception.message.join("") !== "" && `: ${exception.message.join("\n")}`}
        </h3>
      )}
      {exception.steps.length === 0 ? (
        <p class="quiet">It came without frames.</p>
      ) : (
        <ol class="frames">
          {exception.steps.map((step) => (
            <li>
              {"frame" in step ? (
                <FrameView frame={step.frame} />
              ) : (
                <p class="left">{`… ${count(step.left)} more frames`}</p>
              )}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function FrameView({ frame }: { frame: ShownFrame }) {
  const heading = (
    <>
      <code class="place">{frame.place}</code>
      <span class="in">
        in <code>{frame.functionName || "(anonymous)"}</code>
      </span>
      {frame.isCulprit ? (
        <span class="tag bad">Culprit</span>
      ) : (
        frame.verdict &&
        frame.verdict.type !== "default" && <span class="tag">{frame.verdict.type}</span>
      )}
    </>
  );
  if (frame.code.length === 0 && frame.variables.length === 0 && frame.reportedAs === "") {
    return <div class="frame bare">{heading}</div>;
  }
  return (
    <details class={frame.isCulprit ? "frame culprit" : "frame"} open={frame.isOpen}>
      <summary>{heading}</summary>
      {frame.code.length > 0 && <CodeView lines={frame.code} />}
      {frame.variables.length > 0 && <VariablesView frame={frame} />}
      {frame.reportedAs !== "" && (
        <p class="quiet reported">
          Reported as <code>{frame.reportedAs}</code>
        </p>
      )}
    </details>
  );
}

function CodeView({ lines }: { lines: ShownLine[] }) {
  return (
    <div class="code">
      {lines.map(({ number, text, isCulprit }) => (
        <div class={isCulprit ? "at" : undefined}>
          <span class="ln">{number > 0 ? number : ""}</span>
          <code>{text === "" ? "\u00a0" : text}</code>
          {isCulprit && <span class="unseen"> (the culprit)</span>}
        </div>
      ))}
    </div>
  );
}

function VariablesView({ frame }: { frame: ShownFrame }) {
  return (
    <table class="variables">
      <caption class="unseen">Variables</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">Variable</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        {frame.variables.map(({ name, value }) => (
          <tr>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
        {frame.variablesLeft > 0 && (
          <tr>
            <td colspan={2}>{`… ${count(frame.variablesLeft)} more variables`}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
