/** Names half of a batch that the store refused whole: the same name, whoever halves it. One without a name stays without. */
export function nameHalf<Batch extends { readonly name?: string }>(batch: Batch, half: 0 | 1): Batch {
  return batch.name === undefined ? batch : { ...batch, name: `${batch.name}/${half}` };
}
