/** A program that prints what it does, by name. */
export type Tricky = { name: string; code: string; ending?: "ts" | "cjs"; isForNode?: boolean };

/** Programs that instrumenting could break: each prints the same with it and without. */
export const tricky: Tricky[] = [
  {
    name: "this, arguments, length and name of functions",
    code: `
      function plain(a, b = 2, ...rest) { let sum = a + b; arguments[0] = 9; return [this?.tag, arguments.length, sum, rest, a]; }
      const arrow = (x) => x * 2;
      const literal = function () { let y = new Error("x"); return y.message; };
      let later; later = async () => { await 0; };
      console.log(plain.call({ tag: 1 }, 1, 2, 3), plain.length, plain.name, arrow.length, arrow.name, literal.name, later.name);
      console.log([1, 2].map((n) => ({ n })), [3].map((n) => [n, typeof n.toFixed]));
      let assigned = 1, out; out = (assigned = 5) + assigned++; console.log(out, assigned, (assigned += 2), assigned--, assigned);`,
  },
  {
    name: "sloppy arguments are the parameters",
    ending: "cjs",
    code: `
      function sloppy(a) { arguments[0] = 7; let copy = a; copy.toFixed(); a = 8; return [a, copy, arguments[0], typeof this]; }
      console.log(sloppy(1));
      function strict(a) { "use strict"; arguments[0] = 7; String(a); return [a, arguments[0], typeof this]; }
      console.log(strict(1));
      function hoists() { String(inner()); function inner() { return "inner"; } { function leaks() { return 1; } } return typeof leaks; }
      console.log(hoists());
      function twice() { String(same()); function same() { return 1; } function same() { return 2; } return same(); }
      console.log(twice());
      function shadowed(a) { function a() {} return typeof a + String(1); }
      console.log(shadowed(5));
      function variable() { var f = 1; function f() {} return typeof f + String(1); }
      console.log(variable());
      function byName() { byName = 1; String(1); return typeof byName; }
      console.log((function own() { own = 1; return typeof own + String(1); })());
      function octal() { return 010 + Number("1"); }
      console.log(octal());`,
  },
  {
    name: "temporal dead zones and constants",
    code: `
      function early() { try { return value; } catch (error) { return error.name; } let value = String(1); }
      function selfish() { try { let x = x + 1; String(x); } catch (error) { return error.name; } }
      function typed() { try { typeof later; } catch (error) { return error.name; } let later = String(); }
      console.log(early(), selfish(), typed());
      const byDefault = (a, b = () => a) => { let c = b(); { let a = 3; String(a); } return [a, c, b()]; };
      console.log(byDefault(1));`,
  },
  {
    name: "what Bun refuses to read",
    isForNode: true,
    ending: "cjs",
    code: `
      function constant() { const fixed = String(1); try { fixed = 2; } catch (error) { return [error.name, fixed]; } }
      function twice(a, a) { return String(a); }
      console.log(constant(), twice(1, 2));`,
  },
  {
    name: "loops, closures over their variables, labels",
    code: `
      function loops() {
        const seen = [];
        for (let i = 0, j = 9; i < 3; i++, j--) seen.push(() => [i, j]);
        for (const key in { a: 1, b: 2 }) seen.push(() => key);
        for (const { v, w = 4 } of [{ v: 1 }, { v: 2, w: 3 }]) seen.push(() => [v, w]);
        let last; for (last of [1, 2]) if (last.toFixed() === "1") continue;
        let { x, y: [z = 7] } = { x: 1, y: [] }; ({ x, y: [z] } = { x: 5, y: [6] }); [x, z] = [z, x];
        outer: for (let a = 0; a < 3; a++) { for (let b = 0; ; b++) { if (b > a) continue outer; if (a === 2) break outer; seen.push(() => [a, b]); } }
        let n = 3; while (n --> 0) String(n); do { n++ } while (n < 2)
        for (const i of [1]) for (let k = i; k < 3; k++) String(k)
        if (n) for (var q = 0; q < 2; q++) String(q); else String(n)
        switch (n) { case 1: let one = 1; String(one); case 2: let two = 2; seen.push(() => two); break; default: String(n) }
        return [seen.map((look) => look()), last, x, z, n, q];
      }
      try { console.log(JSON.stringify(loops())); } catch (error) { console.log(error.name, error.message); }`,
  },
  {
    name: "automatic semicolons",
    code: `
      function bare() {
        let a = String(1)
        let b = a
        a += "x"
        ;[a, b] = [b, a]
        b++
        a
        ++b
        const f = () => a
        let c
        c = f
        (0)
        var d = c
        d = [1, 2]
        [0]
        return [a, b, d]
      }
      console.log(bare())
      const one = () => String(1)
      const obj = () => ({ a: String(1) }), two = async x => await x, three = x => y => String(x + y)
      console.log(one(), obj(), await two(2), three(1)(2))
      const seq = () => (String(1), 2), cond = (x) => x ? String(x) : [x], inn = () => "a" in { a: String() }
      console.log(seq(), cond(0), inn())
      const nest = (a) => (b) => { let c = a + b
        return c.toFixed() }
      console.log(nest(1)(2))
      let value = (() => { return /* comment */ String(1) // end
      })()
      console.log(value, (x => /* ( */ (x.toFixed()) /* ) */)(1))`,
  },
  {
    name: "classes: super, fields, private members, accessors, static blocks",
    code: `
      class Base { constructor(a) { this.a = a; String(a); } hello(x) { return "base" + x + this.a; } static make(...args) { return new this(...args); } }
      class Derived extends Base {
        #secret = 5; field = this.#secret + 1; static made = 0; static { let s = 1; Derived.made = s + Number(1); }
        constructor(a) { const b = a + 1; String(b); super(b); this.b = b; const c = () => super.hello("!"); this.c = c(); }
        hello(x) { const y = super.hello(x); return y + this.#secret; }
        get size() { const size = Number(this.field); return size; } set size(value) { let v = value; this.field = Number(v); }
        async *each() { for (let i = 0; i < 2; i++) { const got = yield super.hello(i); String(got); } }
        static [String("computed")](q) { return super.make(q).hello("s"); }
      }
      class Second extends Derived { hello() { let z = 1; return z + super.hello(z); } }
      class Early extends Base { constructor(fail) { if (fail) { const reason = "early"; throw new Error(reason); } super(1); } }
      class Thief extends Base { constructor() { try { this.x; } catch (error) { super(error.name); } String(this); } }
      class Returns extends Base { constructor(x) { String(x); return { x }; } }
      class Arrow extends Base { constructor() { const go = () => super(3); String(go); go(); } }
      const d = new Derived(1); d.size = 9;
      console.log(d.a, d.b, d.c, d.size, Derived.made, Derived.computed(4), new Second(1).hello(), new Thief().a, new Returns(2), new Arrow().a, Derived.name, d.hello.length);
      try { new Early(true); } catch (error) { console.log(error.message); }
      try { class Never extends Base { constructor() { String(1); } } new Never(); } catch (error) { console.log(error.name); }
      for await (const text of d.each()) console.log(text);
      const object = { __proto__: { m() { return "proto"; } }, m() { let r = super.m(); return r + String(this.n); }, n: 1, get g() { let r = this.n; return String(r); } };
      console.log(object.m(), object.g);
      function Old(a) { if (!new.target) return new Old(a); this.a = String(a); } console.log(Old(1).a, new Old(2).a);`,
  },
  {
    name: "generators: return, throw and finally",
    code: `
      function* numbers(limit) { let i = 0; try { while (i < limit) { const got = yield i++; if (got) console.log("got", got); } return "end"; } finally { console.log("closed", i); yield "late"; } }
      const one = numbers(3); console.log(one.next(), one.next("x"), one.return("r"), one.next());
      const two = numbers(3); two.next(); try { console.log(two.throw(new Error("in"))); two.next(); } catch (error) { console.log(error.message); }
      function* outer() { const inner = yield* numbers(1); return inner + String(1); }
      console.log([...outer()]); for (const n of numbers(5)) if (n === 1) break;
      const iterator = { *[Symbol.iterator]() { let x = 1; yield x; yield Number(x + 1); } }; const [p, ...q] = iterator; console.log(p, q);`,
  },
  {
    name: "the order of promises",
    code: `
      const log = []; const say = (x) => { log.push(x); };
      async function a() { say("a1"); await null; say("a2"); const inner = await b(); say("a3" + inner); return Promise.resolve(4); }
      async function b() { let x = 1; say("b1"); await undefined; say("b2"); return x; }
      async function fails() { const why = "why"; await 0; throw new TypeError(why); }
      const arrow = async () => { try { return await fails(); } catch (error) { say(error.message); return fails(); } finally { say("finally"); } };
      const done = [a().then((x) => say("then" + x)), arrow().catch((error) => say("caught" + error.name)), Promise.resolve().then(() => say("p1")).then(() => say("p2")).then(() => say("p3")).then(() => say("p4"))];
      queueMicrotask(() => say("micro")); process.nextTick(() => say("tick"));
      await Promise.all(done); async function* stream() { try { yield 1; yield Promise.resolve(2); throw new Error("3"); } finally { say("end"); } }
      try { for await (const x of stream()) say(x); } catch (error) { say(error.message); }
      console.log(log.join());`,
  },
  {
    name: "exceptions keep their identity, and what is thrown may be anything",
    code: `
      const frozen = Object.freeze(new Error("frozen"));
      for (const thing of [frozen, null, undefined, 0, "text", Symbol.for("s"), 1n, { a: 1 }, () => 1, new Proxy({}, { get() { throw new Error("trap"); } })]) {
        function deep(x) { let y = x; if (y === y) throw x; } function deeper(x) { const z = [x]; try { deep(...z); } finally { String(1); } }
        try { deeper(thing); console.log("not thrown"); } catch (error) { console.log(error === thing, typeof error); }
      }
      function returns() { let r = 1; try { throw new Error("swallowed"); } catch { return r; } finally { return String(r) + "finally"; } } console.log(returns());
      function recurse(n) { const m = n + 1; return 1 + recurse(m); } try { recurse(0); } catch (error) { console.log(error.name); }
      const { a, ...others } = { a: 1, b: 2 }; console.log(a, others); try { (function ({ x }) { let y = x; return String(y); })(null); } catch (error) { console.log(error.name); }`,
  },
  {
    name: "names that are ours, or those of members",
    code: `
      function taken($fl, $fl0a, e) { let a = $fl + $fl0a + e; let __proto__ = 3; let constructor = 4, hasOwnProperty = 5; a += Number(constructor + hasOwnProperty + __proto__); return a; }
      console.log(taken(1, 2, 3)); function undefinedToo(undefined_, of, async, get, let_) { let set = of, from = async; return String([set, from, get]); }
      console.log(undefinedToo(1, 2, 3, 4)); const tag = (s, ...v) => s.raw.join("|") + v; function t(x) { let y = tag\`a\${x}b\\n\`; return y; } console.log(t(1)); console.log(((ünï) => { let 変数 = ünï; return String(変数); })(1));`,
  },
  {
    name: "assignments of every kind",
    code: `
      function assign(o) { let a, b = 1, c = null, d = 0; a = b = c ??= d ||= 5; a &&= 6; b **= 2; d <<= 1; a ||= o.x; (a) = 7; [a = 1, b] = [undefined, ...[2]]; ({ a, ...c } = { a: 4, q: 1 }); ({ p: o.x, r: [b] } = { p: 1, r: [9] }); let r = (a++, --b, a), s = (-a) ** 0 || typeof a; let t = a = 2, u = [a++, a--, ++a], v = !(a -= 1); delete o.x; return [a, b, c, d, o, r, t, u, v, String(s)]; }
      try { console.log(JSON.stringify(assign({ x: 3 }))); } catch (e) { console.log(e.name, e.message); }
      function conditions(x) { let y; if (y = x) String(y); while ((y -= 1) > 0); for (y = 3; y--;); return y ? 1 : (y = 2, y); } console.log(conditions(2)); const f = async (l) => { let i = 0; i += await l; const [j] = [await l]; i = await (i + j); return i; }; console.log(await f(1));
      function nested() { let count = 0; const add = (n) => { count += n; return count.toFixed(); }; add(1); add(2); return [count, add(0)]; } console.log(nested()); let top = 1; function reads() { top = top + 1; let top2 = top; return String(top2); } console.log(reads(), top);`,
  },
  {
    name: "resources that are disposed of",
    ending: "ts",
    code: `
      const open = (name: string) => ({ name, [Symbol.dispose]() { console.log("closed", name); } });
      function uses(n: number) { using a = open("a"); using b = open("b" + n); if (n > 1) throw new Error(b.name); return a.name; }
      console.log(uses(1)); try { uses(2); } catch (error) { console.log((error as Error).message); }
      async function later() { await using c = { async [Symbol.asyncDispose]() { await 0; console.log("gone"); } }; console.log(typeof c); } await later();`,
  },
  {
    name: "TypeScript: types, enums, namespaces, overloads, parameters that are members",
    ending: "ts",
    code: `
      enum Colour { Red = "r", Blue = "b" } type Pair<T> = [T, T]; declare const absent: number; declare function gone(x: number): void;
      namespace Inner { export const value = Number(1); export function twice(x: number) { let y = x * 2; return String(y); } }
      abstract class Shape { abstract area(): number; constructor(protected readonly name: string, public size = 2) { String(name); } describe(this: Shape): string { const a: number = this.area(); return \`\${this.name} \${a}\`; } }
      class Square extends Shape { declare extra: string; private side?: number; constructor(n: number, public tag = "t") { super("sq", n); this.side = n!; } area() { let s = this.side! satisfies number; return s * (s as number); } }
      function over(a: string): string; function over(a: number): number; function over(a: any): any { let b = <any>a; (b as any) = a; b! += 1; return b; }
      const generic = <T,>(x: T): x is T => { let y: Pair<T> = [x, x]; return Boolean(y.length); }; const asserts: (x: unknown) => asserts x = (x) => { if (!x) throw new Error("no"); };
      console.log(Colour.Blue, Inner.twice(2), Inner.value, new Square(3).describe(), new Square(3).tag, over("a"), over(1), generic(1)); asserts(1); const opt = (x?: { y?: () => number }) => { const z = x?.y?.() ?? 3; return z; }; console.log(opt(), opt({ y: () => 1 }));`,
  },
];
