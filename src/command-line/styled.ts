import { stripVTControlCharacters, styleText } from "node:util";

/** Colour where somebody looks: not in a pipe, not with NO_COLOR. */
export function styled(
  style: "bold" | "dim" | "cyan" | "red" | "green" | "yellow" | "reset",
  text: string,
  stream: { isTTY?: boolean } = process.stdout,
): string {
  const isColoured = stream.isTTY === true && !process.env.NO_COLOR;
  return isColoured
    ? styleText(style, text, { validateStream: false })
    : stripVTControlCharacters(text);
}
