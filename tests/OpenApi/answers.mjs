// Holds answers against the schemas that a document promises for them: node answers.mjs DOCUMENT.json CASES.json
// A case is { "path": "/api/clients", "method": "get", "status": "200", "body": … }, or has "request": true for a body to be sent,
// and "fails": true where the schema must refuse it.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const document = JSON.parse(readFileSync(process.argv[2], "utf8"));
const cases = JSON.parse(readFileSync(process.argv[3], "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
// Of OpenAPI's format registry: PostgreSQL's columns without a time zone.
ajv.addFormat("date-time-local", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/);
ajv.addFormat("time-local", /^\d\d:\d\d:\d\d(\.\d+)?$/);
ajv.addSchema({ $id: "socle:document", ...document });

const escape = (key) => encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"));
let failures = 0;
for (const { path, method, status, request, body, fails } of cases) {
  const operation = document.paths[path][method];
  const reference = operation.responses[status]?.$ref;
  const pointer = reference
    ? `${reference}/content/${escape("application/json")}/schema`
    : `#/${["paths", path, method, ...(request ? ["requestBody"] : ["responses", status]), "content", "application/json", "schema"].map(escape).join("/")}`;
  const check = ajv.compile({ $ref: `socle:document${pointer}` });
  if (check(body) === !fails) continue;
  failures++;
  console.log(`${method} ${path} ${status ?? "request"}: ${fails ? "should be refused" : JSON.stringify(check.errors)}\n${JSON.stringify(body)}`);
}

process.exit(failures === 0 ? 0 : 1);
