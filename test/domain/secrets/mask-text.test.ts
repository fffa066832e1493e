import { describe, expect, test } from "bun:test";
import { countMasked } from "../../../src/domain/secrets/mask.ts";
import { maskText, maskValue } from "../../../src/domain/secrets/mask-text.ts";

const M = "[masked]";
const mask = (text: string) => countMasked((count) => maskText(text, count));

const NAMED: [text: string, wanted: string][] = [
  [`{ user: 'a', password: 'x' }`, `{ user: 'a', password: '${M}' }`],
  [`{"password":"x\\"y","n":1}`, `{"password":"${M}","n":1}`],
  [`{"password" : "x"}`, `{"password" : "${M}"}`],
  [
    `{"a":"{\\"password\\":\\"x\\\\\\"y\\",\\"b\\":1}"}`,
    `{"a":"{\\"password\\":\\"${M}\\",\\"b\\":1}"}`,
  ],
  [`{'token': b'zz', 'next': 2}`, `{'token': b'${M}', 'next': 2}`],
  [`{'session': {'id': [1, "}"]}, 'b': 2}`, `{'session': ${M}, 'b': 2}`],
  ["Foo(user=1, token=Token(value='a b'), n=2)", `Foo(user=1, token=${M}, n=2)`],
  ["Foo { password: Secret { a: 1 }, n: 2 }", `Foo { password: ${M}, n: 2 }`],
  [`{"password"=>"x", :n=>1}`, `{"password"=>"${M}", :n=>1}`],
  ["[password] => x\n[user] => y", `[password] => ${M}\n[user] => y`],
  ["map[password:x user:y]", `map[password:${M} user:y]`],
  ["[(b'cookie', b'a=b'), (b'host', b'x')]", `[(b'cookie', b'${M}'), (b'host', b'x')]`],
  ["https://e.com/?token=abc&a=1#x", `https://e.com/?token=${M}&a=1#x`],
  ["amount=12&password=a%20b&currency=EUR", `amount=12&password=${M}&currency=EUR`],
  ["user%5Bpassword%5D=x&a=1", `user%5Bpassword%5D=${M}&a=1`],
  ["Authorization: Digest a=b, c\r\nHost: h", `Authorization: ${M}\r\nHost: h`],
  ["Cookie: a=1; theme=2\nHost: h", `Cookie: ${M}\nHost: h`],
  ["curl -H 'Cookie: a=1; b=2' -v", `curl -H 'Cookie: ${M}' -v`],
  ["DB_PASSWORD=hunter2\nPATH=/bin", `DB_PASSWORD=${M}\nPATH=/bin`],
  ["password = hunter2 # why", `password = ${M} # why`],
  ["password=a,b user=c", `password=${M} user=c`],
  ["password=a, user=c", `password=${M}, user=c`],
  ["secret: correct horse\nuser: ada", `secret: ${M}\nuser: ada`],
  ["Invalid password: hunter2 for ada", `Invalid password: ${M} for ada`],
  ["Incorrect API key: abc1 given", `Incorrect API key: ${M} given`],
  ["['mysql', '--password', 'x', '-u', 'y']", `['mysql', '--password', '${M}', '-u', 'y']`],
  ["curl --token abc --url x", `curl --token ${M} --url x`],
  ["Key (email, token)=(a, b) already exists", `Key (email, token)=${M} already exists`],
  ["postgres://ada:hunter2@db/shop", `postgres://ada:${M}@db/shop`],
  ["redis://:p@ss@db", `redis://:${M}@db`],
  ['{"password":"cut o', `{"password":${M}`],
  ["session={'user': {'id': 1", `session=${M}`],
];

test.each(NAMED)("under a name: %j", (text, wanted) => {
  expect(mask(text)).toEqual({ value: wanted, masked: 1 });
});

const A = "AbCd1234".repeat(12);
const HEX = "0123456789abcdef".repeat(4);
const TOKENS = [
  `eyJ${A.slice(0, 20)}.eyJ${A.slice(0, 20)}.${A.slice(0, 20)}`,
  ...["p", "o", "u", "s", "r"].map((kind) => `gh${kind}_${A.slice(0, 36)}`),
  `github_pat_${A.slice(0, 40)}`,
  `glpat-${A.slice(0, 20)}`,
  `xoxb-${"1234567890-"}${A.slice(0, 24)}`,
  `sk_live_${A.slice(0, 24)}`,
  `rk_test_${A.slice(0, 24)}`.replace("rk", "sk"),
  `whsec_${A.slice(0, 32)}`,
  `AKIA${"ABCD2345".repeat(2)}`,
  `AIza${A.slice(0, 35)}`,
  `ya29.${A.slice(0, 40)}`,
  `npm_${A.slice(0, 36)}`,
  `sk-proj-${A.slice(0, 40)}`,
  `SG.${A.slice(0, 22)}.${A.slice(0, 43)}`,
  `key-${HEX.slice(0, 32)}`,
  `SK${HEX.slice(0, 32)}`,
  `dop_v1_${HEX}`,
  `hvs.${A.slice(0, 24)}`,
];

test.each(TOKENS)("by its shape: %s", (token) => {
  for (const [before, after] of [
    ["", ""],
    ["said (", ")."],
    ["/a/", "/b"],
    ["'", "'"],
  ] as const) {
    expect(mask(before + token + after)).toEqual({ value: before + M + after, masked: 1 });
  }
});

test.each([
  ["Bearer abc.def-1", `Bearer ${M}`],
  ["got Basic dXNlcjpwYXNz==, no", `got Basic ${M}, no`],
  ["a -----BEGIN RSA PRIVATE KEY-----\nMII\nabc\n-----END RSA PRIVATE KEY-----\nb", `a ${M}\nb`],
  ["key: -----BEGIN PRIVATE KEY-----\nMII and all that follows", `key: ${M}`],
  ["card 4111 1111 1111 1111.", `card ${M}.`],
  ["5555-5555-5555-4444", M],
  ["n = 378282246310005n", `n = ${M}n`],
  ["3782 822463 10005", M],
  ["4111111111111111 12/27", `${M} 12/27`],
])("also: %j", (text, wanted) => {
  expect(mask(text)).toEqual({ value: wanted, masked: 1 });
});

test.each([
  ...["4111111111111112", "4111 1111-1111 1111", "1732262400000", "0.4111111111111111"],
  ...["4111111111111111.5", "10229602058", "x4111111111111111", "2026-11-22T08:00:00.000Z"],
  "author=ada keyboard=qwerty primary_key=4 max_tokens=4096 tokens_count=3",
  "access_token=None first_name=None token='' secret=\"\" session=undefined otp=null",
  "gift_token=&download_url_type=&gift_token=",
  "token= user=ada",
  "session=<sqlalchemy.orm.session.Session object at 0x7f12ab>",
  "self.facebook_access_token_func=[Function: token]",
  `Unexpected token '<', "<!DOCTYPE "... is not valid JSON`,
  "Cannot read properties of undefined (reading 'token')",
  "['user', 'password', 'email']",
  "Session::Store token::Kind http://localhost:3000/@vite/client",
  "Basic authentication required, bearer token missing",
  "TokenExpiredError: jwt expired",
  "password=[Filtered] token: [scrubbed] secret=*** cookie=<redacted>",
  "Authorization: Bearer [scrubbed]",
  "Duplicate entry '10229602058' for key 'PRIMARY'",
  "POST /pay HTTP/1.1\nHost: shop.example.com\nX-Forwarded-For: 255.87.109.255",
  "SKIP gh_ xox- sk-learn AKIA eyJ AIzaXyz -----BEGIN CERTIFICATE-----",
])("shown: %j", (text) => {
  expect(mask(text)).toEqual({ value: text, masked: 0 });
});

test("a variable is masked whole by its name, else within", () => {
  const value = (name: string, text: string) => maskValue(name, text, () => M);
  expect(value("self.password", "'a' + 'b'")).toBe(M);
  expect(value("card", "{ cvv: '123', brand: 'visa' }")).toBe(`{ cvv: '${M}', brand: 'visa' }`);
  expect(value("author", "'ada'")).toBe("'ada'");
  expect(value("token", "None")).toBe("None");
  expect(value("token", "[scrubbed]")).toBe("[scrubbed]");
});

const HOSTILE = [
  ...[
    "a",
    "a=",
    "password=",
    "password={",
    "password='",
    "token=<",
    "\\",
    'password=\\"',
    "password=[",
  ],
  ...[
    "://a:",
    "a.",
    "--a ",
    "-----BEGIN PRIVATE KEY-----",
    "eyJaaaaaaaa.",
    "Bearer a1",
    "4111 ",
    "A1b2/",
  ],
  ...["(a)=", "password=,", "api key=", "\\n=", "password=a,a", " ", "\n", "0", "aA1="],
];

describe("hostile texts", () => {
  // One that took more than a time in proportion would take hours at this size.
  test.each(HOSTILE)("1 MB of %j", (part) => {
    const { value } = mask(part.repeat(Math.ceil(1_000_000 / part.length)));
    expect(value.length).toBeGreaterThan(0);
  });

  test("masking twice is masking once, whatever is put together", () => {
    const parts = [
      ...[...NAMED.map(([text]) => text), ...TOKENS, ...HOSTILE],
      ...[
        M,
        `password=${M}x`,
        "'",
        '"',
        "{",
        "}",
        "]",
        ":",
        "=",
        " ",
        "\n",
        "x8k2j5h9g3f7d1s4a6p0o9i8u7y6",
      ],
    ];
    let seed = 1;
    const next = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return parts[seed % parts.length] ?? "";
    };
    for (let round = 0; round < 3000; round += 1) {
      const once = mask([next(), next(), next(), next()].join("")).value;
      expect(mask(once)).toEqual({ value: once, masked: 0 });
    }
  });
});
