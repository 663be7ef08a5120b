/** Where events wait for the processor: the topic's name. */
export const eventTopic = 'events.v1';

/** Where audit events wait. Source: contract 2. */
export const auditTopic = 'audit.events.v1';
