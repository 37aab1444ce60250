import { bucketsOf, components, liveRoot, streamsOf, topology } from './topology.js';

/** Subjects a user may publish to and subscribe to; everything else is refused by the server. */
export interface Rights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Inbox prefix of a user: nobody else may listen there. */
export function inboxPrefix(component: string): string {
  return `_INBOX_${component}`;
}

/** Protocols a user may speak: services speak NATS alone, a program of somebody else may come by MQTT or from a browser. */
export function connectionTypes(component: string): readonly string[] {
  if (component === 'isv') return ['STANDARD', 'MQTT'];
  return component === 'integrator' ? ['STANDARD', 'MQTT', 'WEBSOCKET'] : ['STANDARD'];
}

/** Topics of DSX Flex 1.7, with dots for slashes. */
const isvRights: Rights = {
  publish: ['grid.v1.isv.*.loadtarget.set'],
  subscribe: [`${inboxPrefix('isv')}.>`, 'grid.v1.dsx-flex-agent.>'],
};

const readers = (stream: string): string[] => [
  `$JS.API.STREAM.INFO.${stream}`,
  `$JS.API.CONSUMER.CREATE.${stream}`,
  `$JS.API.CONSUMER.CREATE.${stream}.>`,
  `$JS.API.CONSUMER.INFO.${stream}.>`,
  `$JS.API.CONSUMER.DELETE.${stream}.>`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.>`,
  `$JS.API.DIRECT.GET.${stream}`,
  `$JS.API.DIRECT.GET.${stream}.>`,
  `$JS.API.STREAM.MSG.GET.${stream}`,
  `$JS.ACK.${stream}.>`,
  `$JS.FC.${stream}.>`,
];

/** Token pattern of a root; a root owns subjects, streams and buckets, so the same users serve test worlds of the same server. */
function rootsOf(): readonly string[] {
  return [liveRoot];
}

/**
 * Rights of a component on the roots of a server, derived from the topology alone.
 * Integrators and the command line read facts; only owners publish theirs.
 */
export function rights(component: string, roots: readonly string[] = rootsOf()): Rights {
  const entry = topology[component];
  if (entry === undefined) return { publish: [], subscribe: [] };
  if (entry.administers === true) return { publish: ['>'], subscribe: ['>'] };
  if (component === 'isv') return isvRights;
  const publish: string[] = ['$JS.API.INFO', '$JS.API.STREAM.NAMES'];
  const subscribe: string[] = [`${inboxPrefix(component)}.>`];
  for (const root of roots) {
    const streams = streamsOf(root);
    const buckets = bucketsOf(root);
    publish.push(...readers(streams.facts), ...readers(streams.record));
    subscribe.push(`${root}.>`);
    for (const type of entry.says) publish.push(`${root}.*.${type}.>`);
    for (const service of entry.asks) publish.push(`svc.${root}.${service}.>`);
    if (component === 'dsx-flex') {
      publish.push('grid.v1.dsx-flex-agent.>');
      subscribe.push('grid.v1.isv.*.loadtarget.set');
    }
    if (component === 'integrator') continue;
    if (component !== 'cli') publish.push(`${root}.*.condition.platform.v1.>`, ...deadLetterRights(root));
    if (component === 'dead-letter' || component === 'cli') publish.push(...readers(streams.advisory));
    // It counts the dead letters and reads none.
    if (component === 'api') publish.push(`$JS.API.STREAM.INFO.${streams.advisory}`);
    if (component === 'dead-letter') publish.push(`${root}.>`, `$JS.API.STREAM.MSG.DELETE.${streams.advisory}`);
    if (entry.serves) subscribe.push(`svc.${root}.${component}.>`);
    if (component === 'clock') subscribe.push(`svc.${root}.done`);
    else publish.push(`svc.${root}.done`);
    publish.push(...readers(`OBJ_${buckets.world}`));
    subscribe.push(`$O.${buckets.world}.>`);
    if (entry.snapshots === true) publish.push(...snapshotRights(buckets, component));
    if (entry.studies === true) publish.push(...objectRights(buckets.studies));
  }
  return { publish, subscribe };
}

function deadLetterRights(root: string): string[] {
  return [`advisory.${root}.deadletter.>`];
}

function snapshotRights(buckets: { readonly snapshot: string; readonly largeSnapshot: string }, component: string): string[] {
  return [
    `$KV.${buckets.snapshot}.${component}`,
    `$KV.${buckets.snapshot}.${component}.>`,
    ...readers(`KV_${buckets.snapshot}`),
    ...objectRights(buckets.largeSnapshot),
  ];
}

function objectRights(bucket: string): string[] {
  return [`$O.${bucket}.>`, ...readers(`OBJ_${bucket}`), `$JS.API.STREAM.PURGE.OBJ_${bucket}`];
}

/** Rights of every component, for the server's configuration. */
export function allRights(roots: readonly string[] = rootsOf()): Readonly<Record<string, Rights>> {
  return Object.fromEntries(components.map((component) => [component, rights(component, roots)]));
}
