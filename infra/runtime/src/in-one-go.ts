/**
 * Gives work on one item that is done for several in one go: items that come while a go is under way are those of the next, so that
 * none is worked on by a go that began before it came. Of a go of several that fails, each is tried by itself, and rejects with its own failure.
 */
export function inOneGo<Item, Result>(
  work: (items: readonly Item[]) => Promise<Result>,
): (item: Item) => Promise<Result> {
  interface Waiting {
    readonly item: Item;
    readonly done: PromiseWithResolvers<Result>;
  }
  let waiting: Waiting[] = [];
  let isUnderWay = false;

  async function go(all: readonly Waiting[]): Promise<void> {
    try {
      const result = await work(all.map(({ item }) => item));
      for (const { done } of all) done.resolve(result);
    } catch (error) {
      const [only] = all;
      if (all.length === 1) only?.done.reject(error);
      else await Promise.all(all.map((one) => go([one])));
    }
  }

  async function goOn(): Promise<void> {
    isUnderWay = true;
    while (waiting.length > 0) {
      const all = waiting;
      waiting = [];
      await go(all);
    }
    isUnderWay = false;
  }

  return (item) => {
    const done = Promise.withResolvers<Result>();
    waiting.push({ item, done });
    if (!isUnderWay) void goOn();
    return done.promise;
  };
}
