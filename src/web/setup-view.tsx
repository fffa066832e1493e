/** @jsxImportSource hono/jsx */
import { parseDsn } from "../capture/dsn.ts";
import { visibleLine } from "../mail/bounds.ts";

/** How to report a first event: what an installation shows that nothing was reported to. */
export function SetupView({ dsn }: { dsn: string }) {
  const shownDsn = visibleLine(dsn, 500);
  const destination = parseDsn(dsn);
  return (
    <div class="setup">
      <h1>Nothing was reported yet</h1>
      <p>
        A program reports its exceptions with this DSN. The line at fault is found, git says who
        wrote it, and that developer gets one mail.
      </p>
      <h2>DSN</h2>
      <pre>{shownDsn}</pre>
      <h2>JavaScript and TypeScript</h2>
      <p>First thing in the program:</p>
      <pre>{`import { init } from "flawless/capture";

init({ dsn: ${JSON.stringify(shownDsn)} });`}</pre>
      {destination && (
        <>
          <h2>Anything that speaks HTTP</h2>
          <p>This reports one exception. Name a file and a line of your repository.</p>
          <pre>{curlSnippet(destination)}</pre>
        </>
      )}
      <p class="quiet">This page shows the week's errors as soon as there are some.</p>
    </div>
  );
}

function curlSnippet({ url, key }: { url: string; key: string }): string {
  const event = {
    exception_type: "TypeError",
    exception_message: "a first event",
    hostname: "my-machine",
    error_threshold: 1,
    traceback: [{ filename: "src/main.ts", line_number: 1 }],
  };
  return `curl ${visibleLine(url, 500)} \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(event)}'`;
}
