import type { Cluster } from 'kafkajs';
import { expect, it } from 'vitest';
import { watchMembership } from './watch-membership.ts';

it('tells of a heartbeat that the coordinator refuses, and of no other', async () => {
  const told: string[] = [];
  const answers = [null, new Error('The group is rebalancing.')];
  const coordinator = {
    joinGroup: async () => ({ generationId: 1, memberId: 'me' }),
    async heartbeat(): Promise<void> {
      const refusal = answers.shift();
      if (refusal) throw refusal;
    },
  };
  const cluster = { findGroupCoordinator: async () => coordinator } as unknown as Cluster;
  watchMembership(cluster, {
    beforeJoin: async () => void told.push('joins'),
    onHeartFailure: () => void told.push('failed'),
  });
  for (const _ of [1, 2]) await cluster.findGroupCoordinator({ groupId: 'px' });
  await coordinator.heartbeat();
  expect(told).toEqual(['joins', 'joins']);
  await expect(coordinator.heartbeat()).rejects.toThrow('rebalancing');
  expect(told).toEqual(['joins', 'joins', 'failed']);
});
