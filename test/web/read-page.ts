/** One element of a page. */
export type PageElement = { name: string; attributes: Record<string, string>; text: string };

const VOID_ELEMENTS = ["meta", "link", "img", "br"];
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+="[^"<>]*")*)\s*(\/?)>/y;
const ATTRIBUTE = /([a-zA-Z-]+)="([^"]*)"/g;

/**
 * Reads a page far more strictly than a browser does: every tag closed in order, every attribute
 * quoted and given once, every `<` and `&` of a text escaped.
 *
 * @throws {Error} at the first place where it is not so
 */
export function readPage(html: string): PageElement[] {
  const start = "<!DOCTYPE html>\n";
  if (!html.startsWith(start)) throw new Error("it does not begin with a doctype");
  const elements: PageElement[] = [];
  const open: PageElement[] = [];
  let at = start.length;
  while (at < html.length) {
    const next = html.indexOf("<", at);
    const text = decode(html.slice(at, next === -1 ? undefined : next));
    for (const element of open) element.text += text;
    if (next === -1) break;

    TAG.lastIndex = next;
    const tag = TAG.exec(html);
    if (!tag) throw new Error(`no tag: ${html.slice(next, next + 80)}`);
    const [whole, closing, name = "", attributes = "", selfClosing] = tag;
    at = next + whole.length;
    if (closing) {
      const last = open.pop();
      if (last?.name !== name) throw new Error(`</${name}> ends <${last?.name}>`);
      continue;
    }
    const element = { name, attributes: readAttributes(attributes), text: "" };
    elements.push(element);
    if (!selfClosing && !VOID_ELEMENTS.includes(name)) open.push(element);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.map(({ name }) => name)}`);
  return elements;
}

/** The text of the only element of that name. */
export function onlyText(elements: PageElement[], name: string): string {
  const found = elements.filter((element) => element.name === name);
  if (found.length !== 1) throw new Error(`${found.length} elements <${name}>, not one`);
  return found[0]?.text ?? "";
}

/** Where the links with that text lead. */
export function linksOf(elements: PageElement[], text: string): (string | undefined)[] {
  return elements
    .filter((element) => element.name === "a" && element.text === text)
    .map(({ attributes }) => attributes.href);
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = "", value = ""] of source.matchAll(ATTRIBUTE)) {
    if (name in attributes) throw new Error(`${name} is given twice`);
    attributes[name] = decode(value);
  }
  return attributes;
}

function decode(text: string): string {
  return text.replace(/&([^;]{0,8};)?/g, (entity) => {
    const character = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" }[
      entity
    ];
    if (character === undefined) throw new Error(`an ampersand that is not escaped: ${text}`);
    return character;
  });
}
