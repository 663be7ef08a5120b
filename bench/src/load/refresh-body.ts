/** A body that can be sent again and again, each time with events that were never sent before. */
export interface LivingBody {
  readonly bytes: Buffer;
  /** Puts new ids and the present into the bytes, in place. */
  refresh(newId: (at: number) => string, at: number): void;
}

const idField = '"event_id":"';
const timeFields = ['"timestamp":"', '"sent_at":"'] as const;

/** Finds where ids and instants stand, which have one length each. The body must be plain JSON. */
export function toLivingBody(bytes: Buffer): LivingBody {
  const ids = findAll(bytes, idField);
  const times = timeFields.flatMap((field) => findAll(bytes, field));
  return {
    bytes,
    refresh(newId, at) {
      const instant = new Date(at).toISOString();
      for (const place of ids) bytes.write(newId(at), place, 'latin1');
      for (const place of times) bytes.write(instant, place, 'latin1');
    },
  };
}

function findAll(bytes: Buffer, field: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(field); at !== -1; at = bytes.indexOf(field, at + 1)) places.push(at + field.length);
  return places;
}
