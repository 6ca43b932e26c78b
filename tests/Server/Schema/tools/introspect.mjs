// References to accounts lead into Socle's own schema, so Prisma is told of both.
// node introspect.mjs HOST USER DATABASE: prints the models that `prisma db pull` makes of the database.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [host, user, database] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'prisma-'));
try {
  const schema = join(folder, 'schema.prisma');
  writeFileSync(schema, 'datasource db {\n  provider = "postgresql"\n  url = "postgresql://adapter"\n  schemas = ["public", "socle_system"]\n}\n');
  // The native engines are not used, but looked for: any file there is keeps Prisma from downloading them.
  const env = { ...process.env, PGHOST: host, PGUSER: user, PGDATABASE: database, SCHEMA_FILE: schema, PRISMA_QUERY_ENGINE_LIBRARY: schema, PRISMA_SCHEMA_ENGINE_BINARY: schema, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' };
  execFileSync('node', ['node_modules/prisma/build/index.js', 'db', 'pull', '--config', 'prisma.config.mjs', '--force'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  process.stdout.write(readFileSync(schema, 'utf8'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
