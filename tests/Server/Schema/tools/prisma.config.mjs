// Prisma's own schema engine, as WebAssembly over its driver for node-postgres: nothing is downloaded besides the packages.
// That driver knows no columns of the types name and "char", of which PostgreSQL's catalog is full, so they are told to it as text.
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';

const CHAR = 18, NAME = 19, TEXT = 25;

class Adapter extends PrismaPg {
  async connect() {
    const connection = await super.connect();
    const run = connection.performIO.bind(connection);
    const ask = connection.queryRaw.bind(connection);
    let characters = [];
    connection.performIO = async (query) => {
      const result = await run(query);
      characters = (result.fields ?? []).map((field) => field.dataTypeID === CHAR);
      for (const field of result.fields ?? [])
        if (field.dataTypeID === NAME || field.dataTypeID === CHAR) field.dataTypeID = TEXT;
      return result;
    };
    connection.queryRaw = async (query) => {
      const result = await ask(query);
      return { ...result, columnTypes: result.columnTypes.map((type, i) => (characters[i] ? ColumnTypeEnum.Character : type)) };
    };
    return connection;
  }
}

export default {
  experimental: { adapter: true },
  engine: 'js',
  schema: process.env.SCHEMA_FILE,
  adapter: async () => new Adapter({ host: process.env.PGHOST, user: process.env.PGUSER, database: process.env.PGDATABASE, max: 1 }),
};
