/** A condition that cannot be read, or cannot be judged here. The server refuses it in better words. */
export class RuleError extends Error {}

/** A place in a text. Never passes the end; the end reads as the empty text. */
export class Cursor {
  position = 0;

  constructor(readonly text: string) {}

  get current(): string {
    return this.text[this.position] ?? "";
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  skipBlanks(): void {
    while (!this.atEnd && isBlank(this.current)) this.position++;
  }

  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.position)) return false;
    this.position += expected.length;
    return true;
  }

  /** Takes what stands before one of these signs, or all that is left. */
  takeUntil(ends: string): string {
    const start = this.position;
    while (!this.atEnd && !ends.includes(this.current)) this.position++;
    return this.text.slice(start, this.position);
  }

  takeRest(): string {
    return this.takeUntil("");
  }

  /** Takes "text", where a backslash makes the next character plain; null, and nothing taken, when no closed quotation is here. */
  takeQuoted(): string | null {
    if (this.current !== '"') return null;
    let taken = "";
    for (let i = this.position + 1; i < this.text.length; i++) {
      if (this.text[i] === '"') {
        this.position = i + 1;
        return taken;
      }
      if (this.text[i] === "\\" && ++i === this.text.length) break;
      taken += this.text[i];
    }
    return null;
  }

  /** Takes bracketed text that starts here, brackets included. */
  takeBrackets(): string {
    let depth = 0;
    for (let i = this.position; i < this.text.length; i++) {
      const sign = this.text[i]!;
      if ("{[(".includes(sign)) depth++;
      else if ("}])".includes(sign) && --depth === 0) {
        const taken = this.text.slice(this.position, i + 1);
        this.position = i + 1;
        return taken;
      } else if (sign === '"') i = this.endOfQuoted(i);
    }
    return this.fail("a closing bracket");
  }

  fail(expected: string): never {
    throw new RuleError(`In "${this.text}", column ${this.position + 1}: ${expected} is expected.`);
  }

  private endOfQuoted(opening: number): number {
    for (let i = opening + 1; i < this.text.length; i++) {
      if (this.text[i] === '"') return i;
      if (this.text[i] === "\\") i++;
    }
    return this.text.length;
  }
}

export function isBlank(sign: string): boolean {
  return sign === " " || sign === "\t" || sign === "\n" || sign === "\r";
}

export function trimBlanks(text: string): string {
  return text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, "");
}
