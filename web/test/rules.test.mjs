// The evaluator for forms against the vectors that the server and its database are held against too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { RuleError, RuleSet } from "../build/rules/index.js";

for (const { name, fields, rules, cases } of JSON.parse(readFileSync(new URL("../../tests/vectors/rules.json", import.meta.url), "utf8"))) {
  test(name, () => {
    const set = new RuleSet(fields, rules);
    for (const { record, before, verdict } of cases) assert.deepEqual(set.judge(record, before), verdict, JSON.stringify(record));
  });
}

test("what the server would refuse is an error", () => {
  for (const when of ["status=match.^a", "stat=eq.x", "status=eq", "or=(status.eq.a", "status=in.()", "client.name=eq.a", "data->>a=eq.1", "a=is.maybe"])
    assert.throws(() => new RuleSet({ status: "text", a: "boolean" }, [{ id: "a", when, hide: ["status"] }]), RuleError, when);
});
