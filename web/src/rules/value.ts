import { compareNumbers, isWhole, readNumber, round, type Exact } from "./number.js";
import { readDay, readMoment } from "./moment.js";

/** What a field's values are to a rule, as the server names it: number(2) keeps two digits after the point. */
export interface RuleField {
  readonly name: string;
  readonly kind: Kind;
  readonly scale: number | null;
  /** Its place among the fields. */
  readonly index: number;
}

export type Kind = "text" | "integer" | "number" | "boolean" | "date" | "moment" | "uuid" | "tags" | "json" | "list" | "other";

/** A value as rules compare it; null for nothing, and for what is no value of the field. */
export type Value = string | Exact | boolean | bigint | (string | null)[] | Json | null;

/** JSON that is only ever compared as a whole. */
export interface Json {
  readonly json: unknown;
}

const most = 2n ** 63n - 1n;

export function fieldOf(name: string, word: string, index: number): RuleField {
  const found = /^([a-z]+)(?:\((-?[0-9]+)\))?$/.exec(word);
  return { name, kind: (found?.[1] ?? "json") as Kind, scale: found?.[2] === undefined ? null : Number(found[2]), index };
}

export function readValue(field: RuleField, value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (field.kind === "json" || field.kind === "other") return { json: value };
  if (field.kind === "list")
    return Array.isArray(value) && value.every((member) => member === null || typeof member === "string") ? value.map((member: string | null) => member && member.toLowerCase()) : null;
  if (field.kind === "tags")
    return Array.isArray(value) && value.every((member) => member === null || typeof member === "string") ? (value as (string | null)[]) : null;
  if (typeof value === "boolean") return field.kind === "boolean" ? value : null;
  if (typeof value === "string") return readText(field, value);
  if (typeof value === "number" || typeof value === "bigint") {
    if (field.kind === "text") return /^-?[0-9]{1,15}$/.test(String(value)) ? String(value) : null;
    return field.kind === "integer" || field.kind === "number" ? readText(field, String(value)) : null;
  }
  return null;
}

/** A value as text has it. */
export function readText(field: RuleField, text: string): Value {
  switch (field.kind) {
    case "text":
      return text;
    case "integer": {
      const number = readNumber(text);
      return number && isWhole(number) && number.digits <= most && number.digits >= -most - 1n ? number : null;
    }
    case "number": {
      const number = readNumber(text);
      return number && field.scale !== null ? round(number, field.scale) : number;
    }
    case "boolean":
      return text === "true" ? true : text === "false" ? false : null;
    case "date":
      return readDay(text);
    case "moment":
      return readMoment(text);
    case "uuid":
      return readUuid(text);
    default:
      return null;
  }
}

/** Below, at or above zero; both are values of the same field, and neither is null. */
export function compare(one: Value, other: Value): number {
  if (typeof one === "string") return compareText(one, other as string);
  if (typeof one === "boolean") return Number(one) - Number(other as boolean);
  if (typeof one === "bigint") return one < (other as bigint) ? -1 : one > (other as bigint) ? 1 : 0;
  if (Array.isArray(one)) return areSame(one, other) ? 0 : 1;
  if ("json" in one!) return areSame(one.json, (other as Json).json) ? 0 : 1;
  return compareNumbers(one as Exact, other as Exact);
}

export function areEqual(one: Value, other: Value): boolean {
  return one === null || other === null ? one === other : compare(one, other) === 0;
}

/** Whether a required field has this value in vain: nothing, empty text, an empty list. */
export function isMissing(value: Value): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

function readUuid(text: string): string | null {
  const lower = text.toLowerCase();
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(lower)) return lower;
  return /^[0-9a-f]{32}$/.test(lower) ? lower.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") : null;
}

/** By code points: UTF-16 alone would put what lies beyond U+FFFF before U+E000. */
function compareText(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [one.charCodeAt(i), other.charCodeAt(i)];
    if (a === b) continue;
    const [high, low] = [isSurrogate(a), isSurrogate(b)];
    return high === low ? a - b : high ? 1 : -1;
  }
  return one.length - other.length;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/** Objects are the same whatever the order of their members. */
function areSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other))
    return Array.isArray(one) && Array.isArray(other) && one.length === other.length && one.every((member, i) => areSame(member, other[i]));
  const [mine, its] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const keys = Object.keys(mine);
  return keys.length === Object.keys(its).length && keys.every((key) => Object.hasOwn(its, key) && areSame(mine[key], its[key]));
}
