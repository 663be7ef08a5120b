import { answerParent } from '../processes/answer-parent.ts';
import { fire } from './fire.ts';
import { parseJob } from './job.ts';
import { type Body, makeBodies } from './make-bodies.ts';
import { offer } from './offer.ts';
import { sustain } from './sustain.ts';

// A process of its own: what it costs to make and send the load is not charged to the server.
let bodies: readonly Body[] = [];
let eventsPerRequest = 0;

answerParent(async (message) => {
  const job = parseJob(message);
  switch (job.kind) {
    case 'prepare': {
      bodies = makeBodies(job.plan);
      eventsPerRequest = job.plan.eventsPerRequest;
      const bytes = bodies.reduce((sum, body) => sum + body.bytes.length, 0);
      return { events: bodies.length * eventsPerRequest, bytes };
    }
    case 'fire':
      return fire(bodies, job.aim);
    case 'sustain':
      return sustain(job.plan);
    case 'offer':
      return offer(job.plan);
  }
});
