// Follows the prices of a running twin by MQTT with the read-only user. Needs: npm install mqtt. Run: npx tsx docs/examples/mqtt.ts [HOME] [COUNT]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';

const home = process.argv[2] ?? '.loadstone';
const count = Number(process.argv[3] ?? Number.POSITIVE_INFINITY);
const { servers } = JSON.parse(readFileSync(join(home, 'run/endpoints.json'), 'utf8'));
const { nats: passwords } = JSON.parse(readFileSync(join(home, 'run/secrets.json'), 'utf8'));

const client = await connectAsync(servers.nats.mqttUrl, { username: 'integrator', password: passwords.integrator });
let seen = 0;
client.on('message', (_topic, payload) => {
  const event = JSON.parse(payload.toString());
  if (seen < count) console.log(event.time, event.type, event.subject, event.data.priceUsdPerMwh);
  seen += 1;
  if (seen === count) client.end();
});
await client.subscribeAsync('twin/+/grid/price/v1/+');
