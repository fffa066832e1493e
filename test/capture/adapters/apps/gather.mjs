/** Makes a function that waits until as many requests are there, so that they fail side by side. */
export function gather(count) {
  let arrived = 0;
  let go;
  const all = new Promise((resolve) => {
    go = resolve;
  });
  return () => {
    if (++arrived === count) go();
    return all;
  };
}
