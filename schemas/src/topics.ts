/** Where events wait for the processor: the topic's name. */
export const eventTopic = 'events.v1';

/** Where audit events wait. Source: contract 2. */
export const auditTopic = 'audit.events.v1';

/** Where dead letters of both are published, beside the store. Source: contract 4. */
export const deadLetterTopic = 'dead-letters.v1';
