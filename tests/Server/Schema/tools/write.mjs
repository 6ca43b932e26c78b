// node write.mjs HOST USER DATABASE PARENT CHILD: writes a record of each with node-postgres, reads them joined, and tells what PostgreSQL refuses.
import pg from 'pg';

const [host, user, database, parent, child] = process.argv.slice(2);
const client = new pg.Client({ host, user, database });
await client.connect();
const { rows: [made] } = await client.query(`INSERT INTO ${parent} (name) VALUES ($1) RETURNING id, created_at`, ['by node-postgres']);
await client.query(`INSERT INTO ${child} (parent_id, amount, state) VALUES ($1, $2, $3)`, [made.id, '12.50', 'open']);
await client.query(`UPDATE ${child} SET amount = amount * 2 WHERE parent_id = $1`, [made.id]);
const { rows: [joined] } = await client.query(`SELECT p.name, c.amount, c.state FROM ${child} c JOIN ${parent} p ON p.id = c.parent_id WHERE p.id = $1`, [made.id]);
const refused = [];
for (const [state, id] of [['nonsense', made.id], ['open', '00000000-0000-4000-8000-000000000000']])
  await client.query(`INSERT INTO ${child} (parent_id, state) VALUES ($1, $2)`, [id, state]).catch((error) => refused.push(error.code));
await client.end();
console.log(JSON.stringify({ isDate: made.created_at instanceof Date, ...joined, refused }));
