// Follows the price and the load targets of a running twin with the read-only user. Run: npx tsx docs/examples/subscribe.ts [HOME] [COUNT]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'nats';

const home = process.argv[2] ?? '.loadstone';
const count = Number(process.argv[3] ?? Number.POSITIVE_INFINITY);
const { servers } = JSON.parse(readFileSync(join(home, 'run/endpoints.json'), 'utf8'));
const { nats: passwords } = JSON.parse(readFileSync(join(home, 'run/secrets.json'), 'utf8'));

const connection = await connect({
  servers: servers.nats.url,
  user: 'integrator',
  pass: passwords.integrator,
  inboxPrefix: '_INBOX_integrator',
});
const consumer = await connection.jetstream().consumers.get('TWIN', { filterSubjects: ['twin.*.grid.price.v1.*', 'twin.*.control.loadtarget.v1.*'] });
let seen = 0;
for await (const message of await consumer.consume()) {
  const event = message.json<{ type: string; time: string; subject: string; data: unknown }>();
  console.log(event.time, event.type, event.subject, JSON.stringify(event.data).slice(0, 120));
  seen += 1;
  if (seen >= count) break;
}
await connection.close();
