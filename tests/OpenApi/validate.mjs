// Holds an OpenAPI document against two public validators: node validate.mjs DOCUMENT.json
// Says what they find and ends with 1 when they find anything.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Validator } from "@seriousme/openapi-schema-validator";

const document = process.argv[2];
const validator = new Validator();
const result = await validator.validate(document);
if (!result.valid || validator.version !== "3.1") {
  console.log(`openapi-schema-validator: OpenAPI ${validator.version}`, JSON.stringify(result.errors, null, 2));
  process.exit(1);
}

const redocly = fileURLToPath(new URL("./node_modules/@redocly/cli/bin/cli.js", import.meta.url));
for (const ruleset of ["spec", "minimal", "recommended"]) {
  const lint = spawnSync(process.execPath, [redocly, "lint", document, `--extends=${ruleset}`, "--format=json"], {
    encoding: "utf8",
    // It asks its registry for news and reports its use unless told not to.
    env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" },
  });
  if (lint.status !== 0) {
    console.log(`redocly lint --extends=${ruleset}: ${lint.stdout}${lint.stderr}`);
    process.exit(1);
  }
}
