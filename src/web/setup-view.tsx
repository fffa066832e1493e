/** @jsxImportSource hono/jsx */
import { parseDsn } from "../capture/dsn.ts";
import { visibleLine } from "../mail/bounds.ts";

/** How to report a first event: what an installation shows that nothing was reported to. */
export function SetupView({ dsn }: { dsn: string }) {
  const shownDsn = visibleLine(dsn, 500);
  const destination = parseDsn(dsn);
  return (
    <div class="setup">
      <h1>Report a first event</h1>
      <p>
        A program reports its exceptions with this DSN. The line at fault is found, git says who
        wrote it, and that developer gets one mail.
      </p>
      <pre>{shownDsn}</pre>
      <p id="first-event" role="status" class="quiet">
        Nothing was reported yet. <a href="/">Look again</a>
      </p>
      <h2>JavaScript and TypeScript</h2>
      <p>First thing in the program, on Node, Bun or in a browser:</p>
      <Snippet>
        {`import { init } from "flawless/capture";

init({ dsn: ${JSON.stringify(shownDsn)} });`}
      </Snippet>
      {destination && (
        <>
          <h2>Python</h2>
          <p>
            Without a package; every exception that ends the program is reported, with its
            variables:
          </p>
          <Snippet>{pythonSnippet(destination)}</Snippet>
          <h2>Anything that speaks HTTP</h2>
          <p>
            This reports one exception. Run it in your repository, and name a file and a line of it.
          </p>
          <Snippet>{curlSnippet(destination)}</Snippet>
        </>
      )}
    </div>
  );
}

/** Lines of code keep their shape, and are moved sideways where they are longer than the page is wide. */
function Snippet({ children }: { children: string }) {
  return (
    <pre class="snippet" tabindex={0}>
      {children}
    </pre>
  );
}

type Destination = { url: string; key: string };

function curlSnippet({ url, key }: Destination): string {
  const event = {
    // The shell fills it in.
    release: "'$(git rev-parse HEAD)'",
    exception_type: "TypeError",
    exception_message: "a first event",
    hostname: "my-machine",
    error_threshold: 1,
    traceback: [{ filename: "src/main.ts", line_number: 1 }],
  };
  return `curl ${visibleLine(url, 500)} \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(event, null, 2)}'`;
}

function pythonSnippet({ url, key }: Destination): string {
  return `import json, socket, sys, traceback, urllib.request

def report(kind, error, tb):
    frames = [{
        "filename": frame.filename, "line_number": frame.lineno,
        "function_name": frame.name, "text": frame.line or "",
        "frame_locals": {k: v[:250] for k, v in (frame.locals or {}).items()},
    } for frame in traceback.StackSummary.extract(traceback.walk_tb(tb), capture_locals=True)]
    event = {"exception_type": kind.__name__, "exception_message": str(error),
             "hostname": socket.gethostname(), "traceback": frames}
    urllib.request.urlopen(urllib.request.Request(
        ${JSON.stringify(visibleLine(url, 500))}, json.dumps(event).encode(),
        {"Authorization": "Bearer ${key}",
         "Content-Type": "application/json"}), timeout=5)
    sys.__excepthook__(kind, error, tb)

sys.excepthook = report`;
}
