import kafkajs, { type Admin } from 'kafkajs';

/** Gives what an administrator's work gives, over a connection of its own; `bootstrap` are addresses by comma. */
export async function asAdmin<T>(bootstrap: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const brokers = bootstrap.split(',');
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
