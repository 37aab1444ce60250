import { connectTwin } from '../../../shared/client/client.js';
import { wallNow } from '../../../shared/runtime/clock.js';

/** What a process of subscribers is started with, as JSON in its first argument. */
export interface SubscriberOrder {
  readonly url: string;
  readonly password: string;
  readonly root: string;
  readonly clients: number;
}

/** What it answers when it is asked: how many facts each of its clients heard, and wall ms from sending to hearing since it was asked last. */
export interface SubscriberAnswer {
  readonly heard: readonly number[];
  readonly waitsMs: readonly number[];
}

const order = JSON.parse(process.argv[2] ?? '{}') as SubscriberOrder;
const heard = Array.from({ length: order.clients }, () => 0);
let waitsMs: number[] = [];

const clients = await Promise.all(
  heard.map(() => connectTwin({ url: order.url, user: 'integrator', password: order.password, root: order.root })),
);
const subscriptions = await Promise.all(clients.map((client) => client.subscribe('grid.supply.v1', { from: 'now' })));
const following = subscriptions.map(async (subscription, place) => {
  for await (const { data } of subscription) {
    heard[place] = (heard[place] ?? 0) + 1;
    // The benchmark sends the wall instant of sending as output.
    waitsMs.push(wallNow() - data.generationMw);
  }
});
process.on('message', (word) => {
  if (word === 'end')
    void Promise.all(clients.map((client) => client.drain()))
      .then(() => Promise.all(following))
      .then(() => process.exit(0));
  const answer: SubscriberAnswer = { heard: [...heard], waitsMs };
  waitsMs = [];
  process.send?.(answer);
});
process.send?.('ready');
