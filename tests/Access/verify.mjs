// Verifies with jose: node verify.mjs CASES.json. Takes [{ token, jwks or key, algorithm, issuer, audience, now }];
// prints for each the claims, or jose's name of what is wrong, as a JSON array. The kid must be jose's thumbprint.
import { readFileSync } from "node:fs";
import { calculateJwkThumbprint, createLocalJWKSet, importJWK, jwtVerify } from "jose";

const answers = [];
for (const { token, jwks, key, algorithm, issuer, audience, now } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  for (const published of jwks?.keys ?? []) {
    if (published.kid !== (await calculateJwkThumbprint(published))) throw new Error("the kid is not the thumbprint");
  }
  const trusted = jwks ? createLocalJWKSet(jwks) : await importJWK(key, algorithm);
  try {
    const { payload } = await jwtVerify(token, trusted, { algorithms: [algorithm], issuer, audience, currentDate: new Date(now), typ: "JWT" });
    answers.push(payload);
  } catch (error) {
    answers.push(error.code);
  }
}
console.log(JSON.stringify(answers));
