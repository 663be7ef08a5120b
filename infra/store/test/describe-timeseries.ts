import { questionSchema } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from './open-test-store.ts';
import { storeEvents } from './store-events.ts';

const projectId = 'prj_time';

/** Time series: intervals, timezones, gaps, bounds. */
export function describeTimeseries(open: () => Promise<TestStore>): void {
  describe('a time series', () => {
    let test: TestStore;
    beforeAll(async () => {
      test = await open();
      await storeEvents(test.store, { projectId, partition: 100 }, [
        at('2026-05-01T10:00:30Z', { person_key: 'a', country: 'DE' }),
        at('2026-05-01T10:00:59.999Z', { person_key: 'b', country: 'FR' }),
        at('2026-05-01T10:02:00Z', { person_key: 'b', country: 'DE', event: 'click' }),
        at('2026-03-29T00:30:00Z'),
        at('2026-03-29T01:30:00Z'),
        at('2026-03-29T22:30:00Z'),
        at('2026-10-25T00:30:00Z'),
        at('2026-10-25T01:30:00Z'),
        at('2017-10-15T02:59:59Z'),
        at('2017-10-15T03:00:00Z'),
        at('2017-10-17T12:00:00Z'),
      ]);
      await storeEvents(test.store, { projectId: 'prj_time_other', partition: 101 }, [at('2026-05-01T10:01:30Z')]);
    });

    const ask = async (from: string, to: string, own: object): Promise<unknown[][]> => {
      const question = questionSchema.parse({ question: 'timeseries', from, to, ...own });
      return (await test.reader.ask(projectId, question)).rows;
    };
    /** Start of each interval and its events. */
    const count = async (from: string, to: string, own: object): Promise<unknown[][]> =>
      (await ask(from, to, own)).map((row) => [String(row[0]).replace(':00Z', 'Z'), row[1]]);

    it('counts events, visitors and sessions by minute, with zeros where nothing happened', async () => {
      const question = questionSchema.parse({
        question: 'timeseries',
        from: '2026-05-01T10:00:00Z',
        to: '2026-05-01T10:04:00Z',
        interval: 'minute',
      });
      const answer = await test.reader.ask(projectId, question);
      expect(answer.columns).toEqual(['time', 'events', 'visitors', 'sessions']);
      expect(answer.rows).toEqual([
        ['2026-05-01T10:00:00Z', 2, 2, 2],
        ['2026-05-01T10:01:00Z', 0, 0, 0],
        ['2026-05-01T10:02:00Z', 1, 1, 1],
        ['2026-05-01T10:03:00Z', 0, 0, 0],
      ]);
      expect(answer.rows_read).toBeGreaterThan(0);
      expect(answer.elapsed_ms).toBeGreaterThan(0);
    });

    it('leaves out what lies before "from" and at "to"', async () => {
      expect(await count('2026-05-01T10:00:31Z', '2026-05-01T10:02:00Z', { interval: 'minute' })).toEqual([
        ['2026-05-01T10:00Z', 1],
        ['2026-05-01T10:01Z', 0],
      ]);
      expect(await count('2026-05-01T10:02:00Z', '2026-05-01T10:02:00.001Z', { interval: 'minute' })).toEqual([
        ['2026-05-01T10:02Z', 1],
      ]);
    });

    it('counts one event by name', async () => {
      const click = { interval: 'hour', event: 'click' };
      expect(await count('2026-05-01T10:00:00Z', '2026-05-01T11:00:00Z', click)).toEqual([['2026-05-01T10:00Z', 1]]);
    });

    it('breaks each interval down, most events first, without zeros', async () => {
      expect(await ask('2026-05-01T09:00:00Z', '2026-05-01T12:00:00Z', { interval: 'hour', by: 'country' })).toEqual([
        ['2026-05-01T10:00:00Z', 'DE', 2, 2, 2],
        ['2026-05-01T10:00:00Z', 'FR', 1, 1, 1],
      ]);
    });

    it('gives the first intervals where there are more than the limit', async () => {
      const short = { interval: 'minute', limit: 2 };
      expect(await count('2026-05-01T10:00:00Z', '2026-05-01T10:04:00Z', short)).toHaveLength(2);
    });

    it('knows the hours of a day on which the clock is put forward, and back', async () => {
      const hours = { interval: 'hour', timezone: 'Europe/Berlin' };
      const spring = await count('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', hours);
      expect(spring).toHaveLength(23);
      expect(spring.slice(1, 3)).toEqual([
        ['2026-03-29T00:00Z', 1],
        ['2026-03-29T01:00Z', 1],
      ]);
      const autumn = await count('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', hours);
      expect(autumn).toHaveLength(25);
      expect(autumn.slice(2, 4)).toEqual([
        ['2026-10-25T00:00Z', 1],
        ['2026-10-25T01:00Z', 1],
      ]);
    });

    it('begins days at local midnight, DST or not', async () => {
      const days = { interval: 'day', timezone: 'Europe/Berlin' };
      expect(await count('2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z', days)).toEqual([
        ['2026-03-27T23:00Z', 0],
        ['2026-03-28T23:00Z', 2],
        ['2026-03-29T22:00Z', 1],
      ]);
      expect(await count('2026-10-24T22:00:00Z', '2026-10-26T23:00:00Z', days)).toEqual([
        ['2026-10-24T22:00Z', 2],
        ['2026-10-25T23:00Z', 0],
      ]);
    });

    it('begins a day at 01:00 where the clock jumps at midnight, and the next at 00:00 again', async () => {
      const days = { interval: 'day', timezone: 'America/Sao_Paulo' };
      expect(await count('2017-10-14T03:00:00Z', '2017-10-18T02:00:00Z', days)).toEqual([
        ['2017-10-14T03:00Z', 1],
        ['2017-10-15T03:00Z', 1],
        ['2017-10-16T02:00Z', 0],
        ['2017-10-17T02:00Z', 1],
      ]);
    });

    it('begins weeks on Monday and months on the first', async () => {
      const weeks = { interval: 'week', timezone: 'Europe/Berlin' };
      expect(await count('2026-03-25T12:00:00Z', '2026-04-06T12:00:00Z', weeks)).toEqual([
        ['2026-03-22T23:00Z', 2],
        ['2026-03-29T22:00Z', 1],
        ['2026-04-05T22:00Z', 0],
      ]);
      const months = { interval: 'month', timezone: 'Europe/Berlin' };
      expect(await count('2026-02-28T23:00:00Z', '2026-05-31T22:00:00Z', months)).toEqual([
        ['2026-02-28T23:00Z', 3],
        ['2026-03-31T22:00Z', 0],
        ['2026-04-30T22:00Z', 3],
      ]);
    });

    it('knows zones of a half hour, and a DST of half an hour', async () => {
      const kolkata = { interval: 'hour', timezone: 'Asia/Kolkata' };
      expect(await count('2026-05-01T09:30:00Z', '2026-05-01T11:30:00Z', kolkata)).toEqual([
        ['2026-05-01T09:30Z', 2 + 1],
        ['2026-05-01T10:30Z', 0],
      ]);
      const lordHowe = { interval: 'day', timezone: 'Australia/Lord_Howe' };
      expect(await count('2026-04-03T13:00:00Z', '2026-04-05T13:30:00Z', lordHowe)).toEqual([
        ['2026-04-03T13:00Z', 0],
        ['2026-04-04T13:00Z', 0],
      ]);
    });

    it('walks through each interval once, from years before 1970 to years after 2106', async () => {
      const months = { interval: 'month', timezone: 'America/Sao_Paulo' };
      const rows = await count('1900-01-01T12:00:00Z', '2299-12-31T00:00:00Z', months);
      expect(rows).toHaveLength(400 * 12);
      expect(new Set(rows.map(([time]) => time)).size).toBe(400 * 12);
      expect(rows.at(-1)).toEqual(['2299-12-01T03:00Z', 0]);
    });

    it('knows every timezone that a question may name', async () => {
      const { rows } = await test.engine.ask({ sql: 'SELECT time_zone FROM system.time_zones', params: {} });
      const known = new Set(rows.map(([zone]) => zone));
      const accepted = Intl.supportedValuesOf('timeZone').filter(isAccepted);
      expect(accepted.length).toBeGreaterThan(400);
      expect(accepted.filter((zone) => !known.has(zone))).toEqual([]);
    });
  });
}

function at(time: string, own: object = {}): object {
  return { timestamp: Date.parse(time), ...own };
}

function isAccepted(timezone: string): boolean {
  const day = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };
  return questionSchema.safeParse({ question: 'timeseries', ...day, timezone }).success;
}
