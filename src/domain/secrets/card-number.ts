import type { Mask } from "./mask.ts";

/** Masks card numbers: 13 to 19 digits of a known issuer with the right check digit (ISO/IEC 7812). */
export function maskCardNumbers(text: string, mask: Mask): string {
  return text.replace(DIGITS, (written) => (isCardNumber(written) ? mask() : written));
}

/** In one, or in the groups in which they are embossed, with one separator throughout. */
const DIGITS =
  /(?<![A-Za-z\d.])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5})(?=n?(?!\w|\.\d))/g;

/** Visa; Mastercard (51–55, 2221–2720); American Express; Discover; JCB; Diners Club; UnionPay; Maestro. */
const ISSUER =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}|3[47]\d{13}|6(?:011|4[4-9]\d|5\d{2})\d{12,15}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[689]\d)\d{11}|62\d{14,17}|(?:50|6[37])\d{14,17})$/;

function isCardNumber(written: string): boolean {
  const digits = written.replace(/[ -]/g, "");
  return ISSUER.test(digits) && hasRightCheckDigit(digits);
}

/** The Luhn algorithm: every second digit from the right counts twice. */
function hasRightCheckDigit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
