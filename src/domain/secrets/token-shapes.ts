import type { Mask } from "./mask.ts";

/**
 * Masks what is a secret by its shape alone: keys of well-known services, JSON Web Tokens, private
 * keys, passwords in URLs, what follows `Bearer` and `Basic`. Safe for code: nothing else changes.
 *
 * The prefixes are those that the services document; most stand in the rules of gitleaks
 * (github.com/gitleaks/gitleaks, `cmd/generate/config/rules`) and detect-secrets
 * (github.com/Yelp/detect-secrets, `detect_secrets/plugins`) too.
 */
export function maskTokens(text: string, mask: Mask): string {
  return maskPrivateKeys(text, mask)
    .replace(URL_PASSWORD, (_, before: string) => before + mask())
    .replace(SCHEME, (all, scheme: string, value: string) =>
      // `Basic authentication` is prose.
      /\d|[A-Z].*[A-Z]|=$/.test(value) ? scheme + mask() : all,
    )
    .replace(TOKEN, mask);
}

/** Masks the blocks that begin with `-----BEGIN … PRIVATE KEY-----`, also those whose end was cut off. */
export function maskPrivateKeys(text: string, mask: Mask): string {
  let shown = "";
  let from = 0;
  for (const { index, 0: begin } of text.matchAll(PRIVATE_KEY)) {
    if (index < from) continue;
    const end = text.indexOf(PRIVATE_KEY_END, index + begin.length);
    shown += text.slice(from, index) + mask();
    if (end === -1) return shown;
    const dashes = text.indexOf("-----", end + PRIVATE_KEY_END.length);
    from = dashes === -1 ? text.length : dashes + 5;
  }
  return shown + text.slice(from);
}

const PRIVATE_KEY = /-----BEGIN [A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const PRIVATE_KEY_END = "-----END ";

/**
 * In `scheme://user:password@host`; with a slash in it the URL does not work but is told of, and only
 * `host:3000/@…` is none. Bounded, so that no text takes long.
 */
const URL_PASSWORD =
  /(:\/\/[^\s/?#"'`<>:@[\]]{0,100}:)(?:[^\s/?#"'`<>[\]]{1,300}|(?!\d{1,5}[/?#])[^\s"'`<>@[\]]{1,300})(?=@)/g;

/** RFC 9110 section 11.6.2: a scheme, a space, and its token68. */
const SCHEME = /(?<![\w-])((?:Bearer|Basic) {1,4})([\w.~+/-]{6,}={0,3})/gi;

/** Their prefixes, each with what follows it. */
const SHAPES = [
  // JSON Web Token (RFC 7519): header and payload begin with `{"` in base64url.
  "eyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}(?:\\.[\\w-]*)?",
  // GitHub
  "gh[pousr]_[A-Za-z0-9]{30,}",
  "github_pat_\\w{20,}",
  // GitLab
  "gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|sid)-[\\w-]{20,}",
  // Slack
  "xox[a-z]-[\\w-]{10,}",
  "xapp-[\\w-]{10,}",
  // Stripe
  "[srp]k_(?:live|test|prod)_[A-Za-z0-9]{10,}",
  "whsec_[A-Za-z0-9+/]{32}={0,2}",
  // Amazon Web Services
  "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}",
  // Google
  "AIza[\\w-]{35}",
  "ya29\\.[\\w-]{20,}",
  "GOCSPX-[\\w-]{20,}",
  // npm, PyPI, RubyGems, Docker
  "npm_[A-Za-z0-9]{30,}",
  "pypi-[\\w-]{40,}",
  "rubygems_[a-f0-9]{40,}",
  "dckr_[a-z]{3}_[\\w-]{20,}",
  // OpenAI, Anthropic, Hugging Face
  "sk-[A-Za-z][\\w-]{18,}",
  "sk-[A-Za-z0-9]{32,}",
  "hf_[A-Za-z0-9]{30,}",
  // SendGrid, Resend, Mailgun, Twilio, Shopify, Square
  "SG\\.[\\w-]{16,}\\.[\\w-]{16,}",
  "re_[A-Za-z0-9]{8}_[A-Za-z0-9]{16,}",
  "key-[a-f0-9]{32}",
  "(?:SK|AC)[a-f0-9]{32}",
  "shp(?:at|ca|pa|ss)_[a-f0-9]{32}",
  "sq0[a-z]{3}-[\\w-]{20,}",
  // DigitalOcean, Vault, Grafana, Linear, Postman, Databricks, Atlassian, age
  "do[opr]_v1_[a-f0-9]{64}",
  "hv[sbr]\\.[\\w-]{20,}",
  "gl(?:sa|c)_[\\w+/=]{30,}",
  "lin_api_[A-Za-z0-9]{32,}",
  "PMAK-[a-f0-9-]{40,}",
  "dapi[a-f0-9]{32}",
  "ATATT3[\\w=-]{40,}",
  "AGE-SECRET-KEY-1[A-Z0-9]{40,}",
];

const TOKEN = new RegExp(`(?<![A-Za-z0-9])(?:${SHAPES.join("|")})(?![A-Za-z0-9])`, "g");
