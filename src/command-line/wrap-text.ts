/** Breaks a text at its spaces into lines of at most `width` columns; longer words stay whole. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = `${line} ${word}`;
    if (line !== "" && Bun.stringWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : longer;
    }
  }
  return [...lines, line];
}
