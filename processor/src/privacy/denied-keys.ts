import type { LogRecord } from '@px-platform/schemas';
import type { IsRemoved } from './remove-from.ts';

/**
 * Builds what finds a record's deny list as a test of keys, in any case; null where its project has none. The list of the record
 * before is kept, since the events of one record, and mostly the records of one project, come one after the other.
 */
export function createDeniedKeys(): (record: LogRecord) => IsRemoved | null {
  let lastList: readonly string[] | undefined;
  let lastText = '';
  let lastTest: IsRemoved | null = null;

  return ({ settings }) => {
    const list = settings?.denied_properties;
    if (list === undefined || list.length === 0) return null;
    if (list === lastList) return lastTest;
    lastList = list;
    const text = JSON.stringify(list);
    if (text === lastText) return lastTest;
    lastText = text;
    const denied = new Set(list.map((key) => key.toLowerCase()));
    lastTest = (key) => denied.has(key.toLowerCase());
    return lastTest;
  };
}
