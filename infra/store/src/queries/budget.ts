/** What one question may cost: seconds, rows read, bytes of memory. Source: contract 6. */
export interface QueryBudget {
  readonly maxSeconds: number;
  readonly maxRowsRead: number;
  readonly maxMemoryBytes: number;
}

export const defaultQueryBudget: QueryBudget = {
  maxSeconds: 10,
  maxRowsRead: 1_000_000_000,
  maxMemoryBytes: 2 * 1024 ** 3,
};

/**
 * Gives the SETTINGS clause that holds a question to its budget; instants are answered as RFC 3339, and
 * starts of days, weeks and months are right before 1970 and after 2106.
 */
export function toBudgetSettings(budget: QueryBudget): string {
  return [
    'SETTINGS max_execution_time = ',
    budget.maxSeconds,
    ', max_rows_to_read = ',
    budget.maxRowsRead,
    ', max_memory_usage = ',
    budget.maxMemoryBytes,
    // Groups beyond a quarter go to the disk: slower, and not refused for want of memory.
    ', max_bytes_before_external_group_by = ',
    Math.floor(budget.maxMemoryBytes / 4),
    ", timeout_overflow_mode = 'throw', read_overflow_mode = 'throw'",
    ", date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 0",
    ', enable_extended_results_for_datetime_functions = 1, join_use_nulls = 0',
    // The table's key holds what its partitions are made of: copies of one event never stand in two.
    ', do_not_merge_across_partitions_select_final = 1',
    // Copies that differ in what is asked for: whichever is found counts, as before the merge that keeps one of them. Else
    // each row whose key might have a copy anywhere is read, and each column of it before the copies are taken out.
    ', use_skip_indexes_if_final = 1, use_skip_indexes_if_final_exact_mode = 0, optimize_move_to_prewhere_if_final = 1',
  ].join('');
}
