import type { LogShare, Uncommitted } from './event-store.ts';
import type { Statement } from './statement.ts';

export function insertDeadLettersSql(): string {
  return 'INSERT INTO dead_letters SETTINGS async_insert = 0, max_partitions_per_insert_block = 0 FORMAT JSONEachRow';
}

export function selectHeld(uncommitted: Uncommitted): Statement {
  return {
    sql: `
SELECT DISTINCT _offset, _index, project_id, toString(event_id)
FROM events
WHERE _log = {log:String} AND _partition = {partition:UInt16} AND _offset >= {from:UInt64}
SETTINGS output_format_json_quote_64bit_integers = 0`,
    params: { log: uncommitted.logId, partition: uncommitted.partition, from: uncommitted.fromOffset },
  };
}

export function selectRecentIds(
  range: { from: number; to: number },
  except: readonly Uncommitted[],
  share?: LogShare,
): Statement {
  const left = leaveOut(except, share);
  return {
    sql: `
SELECT project_id, toString(event_id), toUnixTimestamp64Milli(received_at) AS at
FROM events
WHERE received_at >= fromUnixTimestamp64Milli({from:Int64}) AND received_at < fromUnixTimestamp64Milli({to:Int64})${left.sql}
ORDER BY at
SETTINGS output_format_json_quote_64bit_integers = 0`,
    params: { from: range.from, to: range.to, ...left.params },
  };
}

export function selectStoredIds(
  ids: readonly { projectId: string; eventId: string }[],
  except: readonly Uncommitted[],
): Statement {
  const left = leaveOut(except);
  return {
    sql: `
SELECT DISTINCT concat(project_id, ':', toString(event_id))
FROM events
WHERE project_id IN {projects:Array(String)} AND event_id IN {ids:Array(UUID)}${left.sql}`,
    params: {
      projects: [...new Set(ids.map((id) => id.projectId))],
      ids: ids.map((id) => id.eventId),
      ...left.params,
    },
  };
}

/**
 * Gives the last `max` sessions, what came last first. The campaign is the SQL twin of the processor's `toCampaignKey`. Two days of a busy site
 * are more groups than memory holds: they go to the disk.
 */
export function selectRecentSessions(
  since: number,
  except: readonly Uncommitted[],
  max: number,
  share?: LogShare,
): Statement {
  const left = leaveOut(except, share);
  const campaign = "concat(utm_source, '|', utm_medium, '|', utm_campaign, '|', arrayElement(mapValues(click_ids), 1))";
  return {
    sql: `
SELECT
    project_id,
    person_key,
    toString(session_id),
    toUnixTimestamp64Milli(min(timestamp)),
    toUnixTimestamp64Milli(max(timestamp)),
    argMinIf(${campaign}, (timestamp, _offset, _index), ${campaign} != '|||'),
    toUnixTimestamp64Milli(minIf(timestamp, ${campaign} != '|||')),
    intDiv(toUnixTimestamp64Milli(received_at), 86400000) AS received_day
FROM events
WHERE received_at >= fromUnixTimestamp64Milli({since:Int64}) AND person_key != ''${left.sql}
GROUP BY project_id, person_key, session_id, received_day
ORDER BY max((received_at, _offset, _index)) DESC
LIMIT {max:UInt64}
SETTINGS output_format_json_quote_64bit_integers = 0, max_bytes_before_external_group_by = 400000000,
    max_bytes_before_external_sort = 400000000`,
    params: { since, max, ...left.params },
  };
}

/** What is about to be made again, and what another processor reads on. */
function leaveOut(except: readonly Uncommitted[], share?: LogShare): Statement {
  const clauses = except.map(
    (_, at) =>
      `\n  AND NOT (_log = {log${at}:String} AND _partition = {partition${at}:UInt16} AND _offset >= {offset${at}:UInt64} AND _offset < {end${at}:UInt64})`,
  );
  const params = except.flatMap((one, at): [string, string | number | readonly number[]][] => [
    [`log${at}`, one.logId],
    [`partition${at}`, one.partition],
    [`offset${at}`, one.fromOffset],
    [`end${at}`, one.toOffset ?? Number.MAX_SAFE_INTEGER],
  ]);
  if (share !== undefined) {
    clauses.push(
      '\n  AND NOT (_log = {share_log:String} AND _partition_count = {share_count:UInt16} AND NOT has({share:Array(UInt16)}, _partition))',
    );
    params.push(['share_log', share.logId], ['share_count', share.partitionCount], ['share', share.partitions]);
  }
  return { sql: clauses.join(''), params: Object.fromEntries(params) };
}
