import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { createPublisher } from '../../shared/bus/publish.js';
import { storeWorld } from '../../shared/bus/world.js';
import { exampleFact } from '../support/facts.js';
import { startServers } from '../support/stack.js';
it('processes', async () => {
  const s = await startServers({ nats: true, influx: true, roots: ['twin'] });
  const env = { ...process.env, LOADSTONE_HOME: s.home, LOADSTONE_LOG: 'debug' };
  const start = (name: string) => {
    const child = spawn('node', [`/tmp/hw/dist/services/${name}/main.js`], { env, stdio: ['ignore', 'inherit', 'inherit'] });
    return { child, ended: new Promise<unknown>((r) => child.on('exit', (code, sig) => r(code ?? sig))) };
  };
  const cli = async (...args: string[]) => { const child = spawn('node', ['/tmp/hw/dist/services/cli/main.js', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }); let out = ''; child.stdout.on('data', (d) => (out += d)); child.stderr.on('data', (d) => (out += d)); const code = await new Promise((r) => child.on('close', r)); process.stderr.write(`$ ${args.join(' ')} -> ${code}\n${out.slice(0, 1500)}\n`); };
  try {
    const admin = await s.connect('supervisor'); const pub = createPublisher(admin);
    await storeWorld(admin, { a: 1 } as never, 'x');
    const hw = start('history-writer'); const dl = start('dead-letter');
    for (let i = 0; i < 24; i++) await pub.publish([exampleFact('grid.demand.v1', 'grid-supply', i, { nativeMw: i < 12 ? 3701.123456789 : 5 }), exampleFact('cluster.progress.v1', 'x', i)]);
    await pub.publish([exampleFact('training.phase.v1', 'x', 3)]);
    await pub.publishRaw('twin.x.y', new TextEncoder().encode('rubbish'), 'r1');
    await cli('history', 'demand', '--json'); await cli('history', 'demand', '--every', '1d'); await cli('history', 'run', '--from', '2027-07-13T18:00:00Z'); await cli('history', 'milestones');
    await cli('history', 'verify'); await cli('history', 'verify', '--json'); await cli('history', 'rebuild'); await cli('history', 'nonsense'); await cli('history', 'demand', '--every', '2y'); await cli('history', 'demand', '--from', 'x'); await cli('history', 'demand', '--region', 'a b');
    await cli('deadletter', 'list'); await cli('deadletter', 'list', '--json'); await cli('deadletter', 'show', '1'); await cli('deadletter', 'reinject', '1'); await cli('deadletter', 'reinject', 'q'); await cli('deadletter', 'drop', '1'); await cli('deadletter', 'list');await cli('history', '--help');
    hw.child.kill('SIGTERM'); dl.child.kill('SIGTERM');
    console.error('exit', await hw.ended, await dl.ended);
    const p = join(s.home, 'run', 'endpoints.json'); const e = JSON.parse(readFileSync(p, 'utf8')); e.servers.influx = null; writeFileSync(p, JSON.stringify(e));
    console.error('off exit', await start('history-writer').ended); await cli('history', 'demand');
  } finally { await s.stop(); }
}, 180_000);
