/**
 * Asks a question of `POST /api/v1/query` about the last minutes.
 * @param {import('./read-access.js').ReadAccess} access
 * @returns {(question: Record<string, unknown>) => Promise<Record<string, unknown>[]>} gives the rows as objects keyed by column; throws where the server refuses
 */
export function createAsk(access) {
  return async (question) => {
    const response = await send(question, await access.token());
    if (response.status === 401) access.forget();
    if (!response.ok) throw new Error(`the question was answered ${response.status}`);
    const { columns, rows } = await response.json();
    return rows.map((/** @type {unknown[]} */ row) => toRecord(columns, row));
  };
}

/** @param {Record<string, unknown>} question @param {string} token */
function send(question, token) {
  return fetch('/api/v1/query', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${token}`,
    },
    body: JSON.stringify(question),
  });
}

/** @param {string[]} columns @param {unknown[]} row */
function toRecord(columns, row) {
  return Object.fromEntries(columns.map((column, index) => [column, row[index]]));
}
