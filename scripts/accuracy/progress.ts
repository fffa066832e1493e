/** Shows how far a run is: on a terminal in one line, else a line for each scenario. */
export function showProgress(stream: NodeJS.WriteStream): (scenario: string, done: number) => void {
  let last = "";
  return (scenario, done) => {
    if (stream.isTTY) {
      stream.write(`\r\u001b[K${scenario}: ${done}`);
    } else if (scenario !== last) {
      stream.write(`${scenario}\n`);
    }
    last = scenario;
  };
}
