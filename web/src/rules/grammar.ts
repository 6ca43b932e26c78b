import { Cursor, isBlank, RuleError, trimBlanks } from "./cursor.js";

/** A condition as its text has it: names and values are not resolved yet. */
export type Written = WrittenGroup | WrittenTest;

export interface WrittenGroup {
  readonly isOr: boolean;
  readonly negated: boolean;
  readonly conditions: readonly Written[];
}

export interface WrittenTest {
  readonly field: string;
  readonly operator: string;
  readonly negated: boolean;
  /** One operand, or the members of a list. */
  readonly operands: readonly string[];
  readonly isList: boolean;
  readonly isAll: boolean;
}

const quantified = new Set(["eq", "gt", "gte", "lt", "lte", "like", "ilike", "match", "imatch"]);
const sets = new Set(["cs", "cd", "ov"]);
const plain = /^[A-Za-z0-9_$ \u0080-\uffff]+/;

/** Reads conditions as they stand in an address: status=eq.late&or=(amount.gt.100,is_urgent.is.true). All of them must hold. */
export function readConditions(text: string): WrittenGroup {
  const conditions: Written[] = [];
  for (const pair of text.replace(/^\?/, "").split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    conditions.push(readPair(decode(equals < 0 ? pair : pair.slice(0, equals)), equals < 0 ? "" : decode(pair.slice(equals + 1))));
  }
  return { isOr: false, negated: false, conditions };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    throw new RuleError(`"${text}" is not percent-encoded UTF-8.`);
  }
}

function readPair(key: string, value: string): Written {
  const name = new Cursor(key);
  const cursor = new Cursor(value);
  const group = readGroupName(name, (rest) => rest.atEnd);
  if (group) {
    const read = readGroup(cursor, group.isOr, group.negated);
    cursor.skipBlanks();
    return cursor.atEnd ? read : cursor.fail("the end");
  }
  const field = readName(name);
  if (!name.atEnd) throw new RuleError(`A rule does not look behind "${field}".`);
  return readTest(cursor, field, false);
}

function readGroupName(cursor: Cursor, isEnd: (rest: Cursor) => boolean): { isOr: boolean; negated: boolean } | null {
  const start = cursor.position;
  const negated = cursor.take("not.");
  const isOr = cursor.take("or");
  if (isOr || cursor.take("and")) {
    cursor.skipBlanks();
    if (isEnd(cursor)) return { isOr, negated };
  }
  cursor.position = start;
  return null;
}

function readGroup(cursor: Cursor, isOr: boolean, negated: boolean): WrittenGroup {
  cursor.skipBlanks();
  if (!cursor.take("(")) cursor.fail("an opening parenthesis");
  const conditions: Written[] = [];
  do {
    cursor.skipBlanks();
    conditions.push(readMember(cursor));
    cursor.skipBlanks();
  } while (cursor.take(","));
  if (!cursor.take(")")) cursor.fail("a comma or a closing parenthesis");
  return { isOr, negated, conditions };
}

function readMember(cursor: Cursor): Written {
  const group = readGroupName(cursor, (rest) => rest.current === "(");
  if (group) return readGroup(cursor, group.isOr, group.negated);
  const field = readName(cursor);
  if (!cursor.take(".")) cursor.fail("a dot and an operator");
  return readTest(cursor, field, true);
}

function readName(cursor: Cursor): string {
  cursor.skipBlanks();
  const quoted = cursor.takeQuoted();
  // A dash stands in names too, unless it begins an arrow.
  let bare = "";
  while (quoted === null) {
    const found = plain.exec(cursor.text.slice(cursor.position));
    const isDash = cursor.current === "-" && cursor.text[cursor.position + 1] !== ">";
    if (!found && !isDash) break;
    bare += found ? found[0] : "-";
    cursor.position += found ? found[0].length : 1;
  }
  const name = quoted ?? bare.replace(/ +$/, "");
  if (name === "") cursor.fail("a column");
  cursor.skipBlanks();
  return name;
}

function readTest(cursor: Cursor, field: string, inGroup: boolean): WrittenTest {
  const negated = cursor.take("not.");
  const operator = cursor.takeUntil(inGroup ? ".(,)" : ".(");
  let [isAny, isAll] = [false, false];
  if (quantified.has(operator)) {
    isAny = cursor.take("(any)");
    isAll = !isAny && cursor.take("(all)");
  }
  if (!cursor.take(".")) cursor.fail("a dot and a value");
  const isList = isAny || isAll || operator === "in";
  const operands = isAny || isAll ? readArray(cursor) : operator === "in" ? readList(cursor) : [readOperand(cursor, operator, inGroup)];
  if (!inGroup) {
    cursor.skipBlanks();
    if (!cursor.atEnd) cursor.fail("the end");
  }
  return { field, operator, negated, operands, isList, isAll };
}

function readOperand(cursor: Cursor, operator: string, inGroup: boolean): string {
  if (operator === "is") return trimBlanks(inGroup ? cursor.takeUntil(",)") : cursor.takeRest()).toLowerCase();
  if (!inGroup) return cursor.takeRest();
  const isBracketed = cursor.current === "{" || (sets.has(operator) && (cursor.current === "[" || cursor.current === "("));
  return isBracketed ? cursor.takeBrackets() : takeMember(cursor);
}

/** A list in parentheses: (a,"b c"). */
function readList(cursor: Cursor): string[] {
  cursor.skipBlanks();
  if (!cursor.take("(")) cursor.fail("a list in parentheses");
  cursor.skipBlanks();
  if (cursor.take(")")) return [];
  const members = [takeMember(cursor)];
  while (cursor.take(",")) members.push(takeMember(cursor));
  if (!cursor.take(")")) cursor.fail("a closing parenthesis");
  return members;
}

/** PostgreSQL's list in braces: {a,"b c"}. */
function readArray(cursor: Cursor): string[] {
  cursor.skipBlanks();
  if (cursor.current !== "{") cursor.fail("a list in braces");
  const start = cursor.position;
  const text = cursor.takeBrackets();
  const words = readWords(text);
  if (words === null) cursor.position = start;
  return words ?? cursor.fail("a list in braces");
}

/** The words of {a,"b c"}; null when it is no such list. */
export function readWords(written: string): string[] | null {
  const text = trimBlanks(written);
  if (text.length < 2 || !text.startsWith("{") || !text.endsWith("}")) return null;
  const cursor = new Cursor(text.slice(1, -1));
  cursor.skipBlanks();
  if (cursor.atEnd) return [];
  const words: string[] = [];
  do {
    cursor.skipBlanks();
    const word = cursor.current === '"' ? cursor.takeQuoted() : takeBareWord(cursor);
    if (word === null) return null;
    words.push(word);
    cursor.skipBlanks();
  } while (cursor.take(","));
  return cursor.atEnd ? words : null;
}

function takeBareWord(cursor: Cursor): string | null {
  const start = cursor.position;
  let [text, kept] = ["", 0];
  for (; !cursor.atEnd && !',}{"'.includes(cursor.current); cursor.position++) {
    const isEscaped = cursor.take("\\");
    if (cursor.atEnd) return null;
    text += cursor.current;
    kept = isEscaped || !isBlank(cursor.current) ? text.length : kept;
  }
  const word = text.slice(0, kept);
  return word === "" || (word.toLowerCase() === "null" && cursor.position - start >= 4 && !cursor.text.slice(start, cursor.position).includes("\\")) ? null : word;
}

/** A value that a comma, a closing parenthesis or the end follows. Quotes that do not enclose the whole of it are part of it. */
function takeMember(cursor: Cursor): string {
  cursor.skipBlanks();
  const start = cursor.position;
  const quoted = cursor.takeQuoted();
  cursor.skipBlanks();
  if (quoted !== null && (cursor.atEnd || cursor.current === "," || cursor.current === ")")) return quoted;
  cursor.position = start;
  return cursor.takeUntil(",)").replace(/[ \t\n\r]+$/, "");
}
