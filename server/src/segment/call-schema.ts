import { z } from 'zod';

const id = z.union([z.string(), z.number()]);
/** ISO 8601; without an offset it is UTC. */
const time = z.union([z.iso.datetime({ offset: true, local: true }), z.iso.date()]);
const bag = z.record(z.string(), z.unknown());

/**
 * Tells what a call of Segment's specification looks like, as far as it is mapped. Nothing is parsed by it: the mapping takes
 * any call, and says of what is missing or wrong which field it is. Source: https://segment.com/docs/connections/spec/
 */
export const callSchema = z
  .looseObject({
    userId: id.optional(),
    anonymousId: id.optional(),
    messageId: id.optional(),
    timestamp: time.optional(),
    originalTimestamp: time.optional(),
    event: z.string().max(200).optional(),
    name: z.string().optional(),
    category: z.string().optional(),
    groupId: id.optional(),
    previousId: id.optional(),
    properties: bag.optional(),
    traits: bag.optional(),
    context: bag.optional(),
    integrations: bag.optional(),
    writeKey: z.string().optional(),
  })
  .meta({ id: 'SegmentCall' });
