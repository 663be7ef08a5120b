import type { Broker, Cluster } from 'kafkajs';

interface FetchRequest {
  /** How long the broker may wait for something to come, ms. */
  readonly maxWaitTime: number;
}

/** A broker as kafkajs 2.2.4, pinned, has it beyond its types. */
type Leader = Broker & {
  fetch(request: FetchRequest): Promise<{ readonly responses: readonly unknown[] }>;
  readonly connectionPool: { readonly pool: readonly { readonly socket?: { destroy(error: Error): void } }[] };
};

/** In a broker's pool: fetches have a connection of their own, since what is asked after one waits for its answer. */
const fetchConnection = 1;

/**
 * Stands between a consumer of kafkajs and the brokers that it fetches from, and says before each fetch how long the broker may wait for
 * something to come, by a patience of each broker's own. `cutShort` ends the fetches under way with nothing, where they are for what is not wanted any more.
 */
export function watchFetches(cluster: Cluster, createPatience: () => () => number): { cutShort(): void } {
  const find = cluster.findBroker.bind(cluster);
  const watched = new WeakSet<Broker>();
  const underWay = new Set<() => void>();

  cluster.findBroker = async (node) => {
    const broker = await find(node);
    watch(broker as Leader);
    return broker;
  };

  function watch(broker: Leader): void {
    if (watched.has(broker)) return;
    watched.add(broker);
    const fetch = broker.fetch.bind(broker);
    const toWaitMs = createPatience();
    broker.fetch = async (request) => {
      let isCut = false;
      const cut = (): void => {
        isCut = true;
        // A broker can't be told, and answers the requests of a connection in their order: the next one takes another.
        broker.connectionPool.pool[fetchConnection]?.socket?.destroy(new Error('The fetch is not wanted any more.'));
      };
      underWay.add(cut);
      try {
        return await fetch({ ...request, maxWaitTime: toWaitMs() });
      } catch (thrown) {
        if (isCut) return { responses: [] };
        throw thrown;
      } finally {
        underWay.delete(cut);
      }
    };
  }

  return {
    cutShort() {
      for (const cut of underWay) cut();
    },
  };
}
