import { at } from '../grid/dense.js';
import type { NodeTable } from './node.js';
import type { Requests } from './requests.js';

/** Spans of time of one node, told as it goes through them. */
export interface Watch {
  /** What a node drew between two instants, and whether it had a request, and whether a cap held it back. */
  span(from: number, to: number, watts: number, doing: 'nothing' | 'reading' | 'writing', isHeld: boolean): void;
  /** A prompt begins to be read after a wait in seconds. */
  begun(waitSeconds: number): void;
  /** A request is written to its end: seconds from its first token to its last, and the tokens after the first. */
  ended(writingSeconds: number, tokens: number): void;
}

/** A node at work. Requests being written are ordered by the step they end at, the next one last. */
export interface Server {
  nowSeconds: number;
  /** Instant of its next change; infinite when it has no request. */
  nextSeconds: number;
  /** Tokens of prompts that wait, and of the one being read until it is read. */
  waitingTokens: number;
  /** Steps done since the beginning; stands still while a prompt is read. */
  steps: number;
  readingUntilSeconds: number | null;
  memoryTokens: number;
  /** Places of requests in the list; `head` is the next to be read. */
  readonly queue: number[];
  head: number;
  readonly endSteps: number[];
  readonly endRequests: number[];
  readonly firstSeconds: number[];
}

/** A node without a request. */
export function emptyServer(): Server {
  return {
    nowSeconds: 0,
    nextSeconds: Number.POSITIVE_INFINITY,
    waitingTokens: 0,
    steps: 0,
    readingUntilSeconds: null,
    memoryTokens: 0,
    queue: [],
    head: 0,
    endSteps: [],
    endRequests: [],
    firstSeconds: [],
  };
}

/** What every server of a fleet shares. */
export interface Service {
  readonly requests: Requests;
  readonly table: NodeTable;
  readonly watch: Watch;
}

/** A request reaches a node. */
export function arrive(server: Server, service: Service, request: number, atSeconds: number): void {
  pass(server, service, atSeconds);
  server.queue.push(request);
  server.waitingTokens += service.requests.contextTokens[request] ?? 0;
  begin(server, service);
}

/** The next change of a node: a prompt is read, or a request is written to its end. */
export function change(server: Server, service: Service): void {
  pass(server, service, server.nextSeconds);
  if (server.readingUntilSeconds === null) endWritten(server, service);
  else endRead(server, service);
  begin(server, service);
}

/** Lets time go by up to an instant at which nothing changes before it. */
export function pass(server: Server, { table, watch }: Service, toSeconds: number): void {
  const seconds = toSeconds - server.nowSeconds;
  if (seconds <= 0) return;
  const written = server.endSteps.length;
  if (server.readingUntilSeconds !== null) watch.span(server.nowSeconds, toSeconds, table.promptW, 'reading', table.isPromptHeld);
  else {
    const isHeld = table.isHeld[written] === 1;
    watch.span(server.nowSeconds, toSeconds, at(table.writingW, written), written === 0 ? 'nothing' : 'writing', isHeld);
    if (written > 0) server.steps += seconds / at(table.stepSeconds, written);
  }
  server.nowSeconds = toSeconds;
}

/** The prompt under the reader is read: its first token is there, and the rest is written from now on. */
function endRead(server: Server, service: Service): void {
  const request = server.queue[server.head] ?? 0;
  server.head += 1;
  if (server.head > 1_024) {
    server.queue.splice(0, server.head);
    server.head = 0;
  }
  server.readingUntilSeconds = null;
  server.waitingTokens -= service.requests.contextTokens[request] ?? 0;
  const more = (service.requests.generatedTokens[request] ?? 0) - 1;
  if (more <= 0) {
    server.memoryTokens -= heldTokens(service.requests, request);
    return;
  }
  const endStep = server.steps + more;
  let place = server.endSteps.length;
  while (place > 0 && (server.endSteps[place - 1] ?? 0) < endStep) place -= 1;
  server.endSteps.splice(place, 0, endStep);
  server.endRequests.splice(place, 0, request);
  server.firstSeconds.splice(place, 0, server.nowSeconds);
}

function endWritten(server: Server, { requests, watch }: Service): void {
  // Steps are sums of many parts; what is within a billionth of its end has reached it.
  while ((server.endSteps.at(-1) ?? Number.POSITIVE_INFINITY) <= server.steps + 1e-9 * Math.max(1, server.steps)) {
    server.endSteps.pop();
    const request = server.endRequests.pop() ?? 0;
    const firstSeconds = server.firstSeconds.pop() ?? 0;
    server.memoryTokens -= heldTokens(requests, request);
    watch.ended(server.nowSeconds - firstSeconds, (requests.generatedTokens[request] ?? 0) - 1);
  }
}

/**
 * Begins to read the next prompt when there is a slot and memory for its whole request, or nothing else on the node, and says when the node
 * changes next.
 */
function begin(server: Server, { requests, table, watch }: Service): void {
  if (server.readingUntilSeconds === null && server.head < server.queue.length) {
    const request = server.queue[server.head] ?? 0;
    const tokens = heldTokens(requests, request);
    const fits = server.endSteps.length === 0 || server.memoryTokens + tokens <= table.node.memoryTokens;
    if (server.endSteps.length < table.node.slots && fits) {
      server.memoryTokens += tokens;
      server.readingUntilSeconds = server.nowSeconds + (requests.contextTokens[request] ?? 0) / table.promptTokensPerSecond;
      watch.begun(server.nowSeconds - at(requests.atSeconds, request));
    }
  }
  const written = server.endSteps.length;
  if (server.readingUntilSeconds !== null) server.nextSeconds = server.readingUntilSeconds;
  else if (written === 0) server.nextSeconds = Number.POSITIVE_INFINITY;
  else {
    const steps = Math.max(0, (server.endSteps[written - 1] ?? 0) - server.steps);
    server.nextSeconds = server.nowSeconds + steps * at(table.stepSeconds, written);
  }
}

function heldTokens({ contextTokens, generatedTokens }: Requests, request: number): number {
  return (contextTokens[request] ?? 0) + (generatedTokens[request] ?? 0);
}
