/**
 * PostgreSQL's LIKE over characters: % for any text, _ for one character, a backslash before a plain one. Without regard to
 * case only the letters a to z are alike, which needs no locale.
 */
export function matches(text: string, pattern: string, ignoresCase: boolean): boolean {
  const [letters, signs] = [fold(text, ignoresCase), fold(pattern, ignoresCase)];
  let [at, p, star, resume] = [0, 0, -1, 0];
  while (at < letters.length) {
    if (signs[p] === "%") {
      star = ++p;
      resume = at;
      continue;
    }
    const isEscaped = signs[p] === "\\" && p + 1 < signs.length;
    const isSame = p < signs.length && (isEscaped ? signs[p + 1] === letters[at] : signs[p] === "_" || signs[p] === letters[at]);
    if (isSame) {
      at++;
      p += isEscaped ? 2 : 1;
    } else if (star >= 0) {
      p = star;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (signs[p] === "%") p++;
  return p === signs.length;
}

function fold(text: string, ignoresCase: boolean): string[] {
  return Array.from(ignoresCase ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text);
}
