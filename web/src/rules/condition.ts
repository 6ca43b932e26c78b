import { RuleError } from "./cursor.js";
import { readConditions, readWords, type Written, type WrittenTest } from "./grammar.js";
import { readNumber } from "./number.js";
import { matches } from "./pattern.js";
import { areEqual, compare, readText, type RuleField, type Value } from "./value.js";

/** SQL's three truths: null is unknown. */
export type Truth = boolean | null;

/** A condition with its names and values resolved. Judges a record, given as the fields' values by their places. */
export interface Condition {
  judge(record: readonly Value[]): Truth;
  readonly fields: ReadonlySet<RuleField>;
}

const always: Condition = { judge: () => true, fields: new Set() };

/** Takes a condition's text. Throws a RuleError at what the server would have refused. */
export function compileCondition(fields: readonly RuleField[], when: string): Condition {
  return when.trim() === "" ? always : compile(fields, readConditions(when));
}

function compile(fields: readonly RuleField[], written: Written): Condition {
  if (!("conditions" in written)) return compileTest(fields, written);
  const parts = written.conditions.map((part) => compile(fields, part));
  const decisive = written.isOr;
  return {
    fields: new Set(parts.flatMap((part) => [...part.fields])),
    judge(record) {
      let truth: Truth = !decisive;
      for (const part of parts) {
        const found = part.judge(record);
        if (found === decisive) return written.negated ? !decisive : decisive;
        if (found === null) truth = null;
      }
      return negate(truth, written.negated);
    },
  };
}

function compileTest(fields: readonly RuleField[], test: WrittenTest): Condition {
  const field = fields.find((candidate) => candidate.name === test.field);
  if (!field) throw new RuleError(`There is no field "${test.field}".`);
  const judge = judgeOf(field, test);
  return { fields: new Set([field]), judge: (record) => negate(judge(record[field.index] ?? null), test.negated) };
}

function judgeOf(field: RuleField, test: WrittenTest): (value: Value) => Truth {
  if (test.operator === "is") return isOf(test.operands[0]!);
  const operands = test.operands.map((text) => readOperand(field, test.operator, text));
  if (operands.length === 0) throw new RuleError(`The list for "${field.name}" is empty.`);
  if (test.operator === "isdistinct") return (value) => !areEqual(value, operands[0]!);
  const holds = holdsOf(test.operator);
  return (value) => {
    if (value === null) return null;
    return test.isAll ? operands.every((operand) => holds(value, operand)) : operands.some((operand) => holds(value, operand));
  };
}

function isOf(word: string): (value: Value) => Truth {
  switch (word) {
    case "null":
    case "unknown":
      return (value) => value === null;
    case "not_null":
      return (value) => value !== null;
    case "true":
    case "false":
      return (value) => value === (word === "true");
    default:
      throw new RuleError(`is takes null, not_null, true, false or unknown, not "${word}".`);
  }
}

function readOperand(field: RuleField, operator: string, text: string): Value {
  // What compares with a decimal is compared in full: only stored values are rounded.
  const value =
    operator === "like" || operator === "ilike" ? text.replaceAll("*", "%")
    : field.kind === "tags" ? readWords(text)
    : field.kind === "number" ? readNumber(text)
    : readText(field, text);
  if (value === null) throw new RuleError(`"${text}" is no value of "${field.name}".`);
  return value;
}

function holdsOf(operator: string): (value: Value, operand: Value) => boolean {
  switch (operator) {
    case "eq":
    case "in":
      return (value, operand) => compare(value, operand) === 0;
    case "neq":
      return (value, operand) => compare(value, operand) !== 0;
    case "gt":
      return (value, operand) => compare(value, operand) > 0;
    case "gte":
      return (value, operand) => compare(value, operand) >= 0;
    case "lt":
      return (value, operand) => compare(value, operand) < 0;
    case "lte":
      return (value, operand) => compare(value, operand) <= 0;
    case "like":
    case "ilike":
      return (value, operand) => matches(value as string, operand as string, operator === "ilike");
    case "cs":
      return (value, operand) => contains(value, operand);
    case "cd":
      return (value, operand) => contains(operand, value);
    case "ov":
      return (value, operand) => (value as (string | null)[]).some((word) => word !== null && (operand as string[]).includes(word));
    default:
      throw new RuleError(`Rules do not know the operator "${operator}".`);
  }
}

/** A missing word is in no list, and so no list that has one lies within another. */
function contains(all: Value, some: Value): boolean {
  return (some as (string | null)[]).every((word) => word !== null && (all as (string | null)[]).includes(word));
}

function negate(truth: Truth, isNegated: boolean): Truth {
  return truth === null || !isNegated ? truth : !truth;
}
