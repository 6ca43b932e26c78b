// Reads a file of tables with rules and records, prints what the rules say of each record.
import { readFileSync } from "node:fs";
import { RuleSet } from "../build/rules/index.js";

const tables = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(tables.map(({ fields, rules, cases }) => {
  const set = new RuleSet(fields, rules);
  return cases.map(({ record, before }) => set.judge(record, before));
})));
