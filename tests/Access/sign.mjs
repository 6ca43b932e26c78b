// Signs with jose: node sign.mjs CASES.json. Takes [{ key, header, claims }], where key is a JWK, or null for a token
// without a signature; prints the tokens as a JSON array.
import { readFileSync } from "node:fs";
import { importJWK, SignJWT, UnsecuredJWT } from "jose";

const tokens = [];
for (const { key, header, claims } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  if (key === null) tokens.push(new UnsecuredJWT(claims).encode());
  else tokens.push(await new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(key, header.alg)));
}
console.log(JSON.stringify(tokens));
