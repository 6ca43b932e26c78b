/**
 * Exact numbers as PostgreSQL's numeric has them. NaN is the greatest and equals itself.
 * Takes the text of JSON and of PostgreSQL; gives null for anything else.
 */
export interface Exact {
  readonly digits: bigint;
  /** How many of the digits stand after the point; never negative. */
  readonly scale: number;
  /** -1 and 1 for the infinities, 2 for NaN, 0 for a number. */
  readonly special: number;
}

const mostDigits = 1000;
const form = /^([+-]?)([0-9]+)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,5}))?$/;

export function readNumber(text: string): Exact | null {
  if (text === "NaN") return { digits: 0n, scale: 0, special: 2 };
  if (text === "Infinity") return { digits: 0n, scale: 0, special: 1 };
  if (text === "-Infinity") return { digits: 0n, scale: 0, special: -1 };
  const found = text.length > mostDigits || text.endsWith("\n") ? null : form.exec(text);
  if (!found) return null;
  const fraction = found[3] ?? "";
  const exponent = Number(found[4] ?? "0");
  if (Math.abs(exponent) > mostDigits) return null;
  let digits = BigInt(found[2]! + fraction);
  let scale = fraction.length - exponent;
  if (scale < 0) {
    digits *= 10n ** BigInt(-scale);
    scale = 0;
  }
  return { digits: found[1] === "-" ? -digits : digits, scale, special: 0 };
}

export function isWhole(number: Exact): boolean {
  return number.special === 0 && number.scale === 0;
}

/** With so many digits after the point, a half going away from zero. */
export function round(number: Exact, scale: number): Exact {
  if (number.special !== 0 || number.scale <= scale) return number;
  const divisor = 10n ** BigInt(number.scale - scale);
  const half = number.digits < 0n ? -divisor / 2n : divisor / 2n;
  const rounded = (number.digits + half) / divisor;
  return scale >= 0
    ? { digits: rounded, scale, special: 0 }
    : { digits: rounded * 10n ** BigInt(-scale), scale: 0, special: 0 };
}

export function compareNumbers(one: Exact, other: Exact): number {
  if (one.special !== 0 || other.special !== 0) return one.special - other.special;
  const scale = Math.max(one.scale, other.scale);
  const a = one.digits * 10n ** BigInt(scale - one.scale);
  const b = other.digits * 10n ** BigInt(scale - other.scale);
  return a < b ? -1 : a > b ? 1 : 0;
}
