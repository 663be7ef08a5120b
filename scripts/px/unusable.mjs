/** A tool or a service is missing or does not work: the message names it and the command that mends it. */
export class Unusable extends Error {}
