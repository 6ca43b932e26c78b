import { compileCondition, type Condition } from "./condition.js";
import { areEqual, compare, fieldOf, isMissing, readValue, type RuleField, type Value } from "./value.js";

export { RuleError } from "./cursor.js";

/** A rule as the server gives it: GET /api/schema/tables/{table}/rules. */
export interface Rule {
  readonly id: string;
  readonly when?: string;
  readonly require?: readonly string[];
  readonly hide?: readonly string[];
  readonly show?: readonly string[];
  readonly read_only?: readonly string[];
  readonly choices?: Readonly<Record<string, readonly unknown[]>>;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly message?: { readonly fr: string; readonly en: string };
}

export type Effect = "require" | "choices" | "read_only";

/** One way in which a record breaks a rule. */
export interface Broken {
  readonly rule: string;
  readonly effect: Effect;
  readonly field: string;
}

/** What the rules of a table say of one record: what to show, what to ask for, and what the server would refuse. */
export interface Verdict {
  /** The fields that get a value, which the record has from then on. */
  readonly set: Record<string, unknown>;
  readonly hidden: string[];
  readonly readOnly: string[];
  readonly required: string[];
  /** The only values that fields may have. */
  readonly choices: Record<string, unknown[]>;
  readonly broken: Broken[];
}

interface Compiled {
  readonly rule: Rule;
  readonly when: Condition;
  readonly choices: readonly { field: RuleField; values: readonly Value[]; written: readonly unknown[] }[];
  readonly set: readonly { field: RuleField; value: Value; written: unknown }[];
}

/** The rules of one table. Judges a record as the server and its database do: values are set first, the rules then look at what the record has become. */
export class RuleSet {
  private readonly fields: readonly RuleField[];
  private readonly rules: readonly Compiled[];
  private readonly setters: readonly Compiled[];

  /**
   * @param kinds The fields in their order, with their kinds as the server names them: { status: "text", amount: "number(2)" }.
   * @param rules Rules that the server has accepted. Throws a RuleError at others.
   */
  constructor(kinds: Readonly<Record<string, string>>, rules: readonly Rule[]) {
    this.fields = Object.entries(kinds).map(([name, kind], i) => fieldOf(name, kind, i));
    this.rules = rules.map((rule) => this.compile(rule));
    this.setters = inOrder(this.rules.filter((rule) => rule.set.length > 0));
  }

  /**
   * @param record As it would be written, by the fields' names; what is missing has no value.
   * @param before As it is stored; nothing for a new one.
   */
  judge(record: Readonly<Record<string, unknown>>, before?: Readonly<Record<string, unknown>> | null): Verdict {
    const sent = this.read(record);
    const now = [...sent];
    const set: Record<string, unknown> = {};
    for (const rule of this.setters) {
      if (rule.when.judge(now) !== true) continue;
      for (const { field, value, written } of rule.set) {
        now[field.index] = value;
        set[field.name] = written;
      }
    }
    const stored = before ? this.read(before) : null;
    const active = this.rules.filter((rule) => rule.when.judge(now) === true);
    const wasActive = stored ? this.rules.filter((rule) => rule.when.judge(stored) === true) : [];
    const isHidden = (name: string) =>
      active.some(({ rule }) => rule.hide?.includes(name)) ||
      (this.rules.some(({ rule }) => rule.show?.includes(name)) && !active.some(({ rule }) => rule.show?.includes(name)));
    const names = (choose: (name: string) => boolean) => this.fields.map((field) => field.name).filter(choose);
    return {
      set,
      hidden: names(isHidden),
      readOnly: names((name) => wasActive.some(({ rule }) => rule.read_only?.includes(name))),
      required: names((name) => !isHidden(name) && active.some(({ rule }) => rule.require?.includes(name))),
      choices: this.choices(active),
      broken: this.rules.flatMap((rule) => this.broken(rule, active.includes(rule), wasActive.includes(rule), isHidden, sent, now, stored)),
    };
  }

  private compile(rule: Rule): Compiled {
    return {
      rule,
      when: compileCondition(this.fields, rule.when ?? ""),
      choices: Object.entries(rule.choices ?? {}).map(([name, written]) => {
        const field = this.find(name);
        const values = field.kind === "tags" ? (written as Value[]) : written.map((value) => readValue(field, value));
        return { field, values, written: written.map((value) => asWritten(field, value)) };
      }),
      set: Object.entries(rule.set ?? {}).map(([name, written]) => {
        const field = this.find(name);
        return { field, value: readValue(field, written), written: asWritten(field, written) };
      }),
    };
  }

  private find(name: string): RuleField {
    return this.fields.find((field) => field.name === name) ?? fieldOf(name, "json", this.fields.length);
  }

  private read(record: Readonly<Record<string, unknown>>): Value[] {
    return this.fields.map((field) => (Object.hasOwn(record, field.name) ? readValue(field, record[field.name]) : null));
  }

  /** Where several rules limit a field, the values that all of them allow. */
  private choices(active: readonly Compiled[]): Record<string, unknown[]> {
    const allowed: Record<string, unknown[]> = {};
    for (const field of this.fields) {
      const lists = active.flatMap((rule) => rule.choices).filter((choice) => choice.field === field);
      const [first] = lists;
      if (!first) continue;
      allowed[field.name] = first.written.filter((_, i) => lists.every((list) => list.values.some((value) => compare(value, first.values[i]!) === 0)));
    }
    return allowed;
  }

  private broken(rule: Compiled, isActive: boolean, wasActive: boolean, isHidden: (name: string) => boolean, sent: Value[], now: Value[], stored: Value[] | null): Broken[] {
    const found: Broken[] = [];
    const note = (effect: Effect, field: string) => found.push({ rule: rule.rule.id, effect, field });
    if (isActive) {
      for (const name of rule.rule.require ?? []) if (!isHidden(name) && isMissing(now[this.find(name).index] ?? null)) note("require", name);
      for (const choice of rule.choices) if (!allows(choice.values, now[choice.field.index] ?? null)) note("choices", choice.field.name);
    }
    if (!wasActive || !stored) return found;
    for (const name of rule.rule.read_only ?? []) {
      const { index } = this.find(name);
      // What a rule sets may differ from what is stored; what the user enters may not.
      if (!areEqual(sent[index]!, stored[index]!) && !areEqual(now[index]!, stored[index]!)) note("read_only", name);
    }
    return found;
  }
}

function allows(values: readonly Value[], value: Value): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return value.every((word) => word !== null && values.includes(word));
  return values.some((choice) => compare(choice, value) === 0);
}

/** A number that stands for text is text. */
function asWritten(field: RuleField, value: unknown): unknown {
  return field.kind === "text" && typeof value === "number" ? String(value) : value;
}

/** Each after all that set what its condition looks at. */
function inOrder(setters: readonly Compiled[]): Compiled[] {
  const [waiting, ordered] = [[...setters], [] as Compiled[]];
  while (waiting.length > 0) {
    const next = waiting.findIndex((rule) => !waiting.some((other) => other.set.some(({ field }) => rule.when.fields.has(field))));
    ordered.push(...waiting.splice(Math.max(next, 0), 1));
  }
  return ordered;
}
