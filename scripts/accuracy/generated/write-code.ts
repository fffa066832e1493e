import type { Random } from "../random.ts";
import type { Fate, Line } from "./model.ts";

const words =
  "order cart price total user session token invoice account address parcel voucher refund ledger stock shelf basket banner locale currency region policy quota filter cursor bucket stream packet header footer widget sensor matrix vector branch commit leaflet harbour anchor meadow canyon glacier orchard pepper saffron walnut copper cobalt velvet".split(
    " ",
  );

const common = ["    return null;", "    done();", "    break;", "    continue;", ""];

/** Writes code that no one wrote before: each telling line stands once in a history. */
export type Writer = {
  line(fate?: Fate): Line;
  /** A function of some lines, with its head and end. */
  block(): Line[];
};

export function createWriter(random: Random): Writer {
  let count = 0;
  const word = () => random.pick(words);
  const name = () => {
    const last = word();
    return `${word()}${last.charAt(0).toUpperCase()}${last.slice(1)}${++count}`;
  };
  const telling = (text: string, fate: Fate): Line => ({
    text,
    fate,
    birth: null,
    isTelling: true,
    hasMoved: false,
  });
  const filler = (text: string): Line => ({
    text,
    fate: "written",
    birth: null,
    isTelling: false,
    hasMoved: false,
  });
  const statement = (fate: Fate) =>
    telling(
      random.pick([
        () => `    const ${name()} = ${word()}.${word()}('${word()}', ${word()})`,
        () => `    ${word()}.${name()}(${word()}, await ${word()}(${word()}))`,
        () => `    if (${name()} > ${word()}.${word()}) ${word()}(${word()})`,
        () => `    ${word()}[${name()}] = ${word()} ? '${word()}' : ${word()}(${word()})`,
      ])(),
      fate,
    );
  return {
    line: (fate = "written") => statement(fate),
    block() {
      const body = Array.from({ length: 4 + random.below(9) }, () =>
        random.chance(0.15) ? filler(random.pick(common)) : statement("written"),
      );
      const head = telling(`export function ${name()}(${word()}, ${word()}) {`, "written");
      return [head, ...body, filler("}"), filler("")];
    },
  };
}
