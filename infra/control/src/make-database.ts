import { startPostgres } from './start-postgres.ts';

// Makes a database in the folder named, in a process of its own: what it takes meanwhile, 500 MB, goes back with the process.
// Ends with whoever started it, so that nobody finds the folder still being written to.
process.once('disconnect', () => process.exit(1));
const [path = ''] = process.argv.slice(2);
const client = await startPostgres(path);
await client.close();
process.exit(0);
