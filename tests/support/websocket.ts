import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';

/** What a server sent until it closed the connection or `isEnough`, after the lines were sent to it in one text frame (RFC 6455). */
export async function talkWebSocket(url: string, lines: string, isEnough: (heard: string) => boolean): Promise<string> {
  const socket = await upgrade(url);
  socket.write(maskedFrame(Buffer.from(lines)));
  let bytes = Buffer.alloc(0);
  let heard = '';
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    for (let frame = firstFrame(bytes); frame !== null; frame = firstFrame(bytes)) {
      heard += frame.payload.toString();
      bytes = bytes.subarray(frame.size);
    }
    if (isEnough(heard)) break;
  }
  socket.destroy();
  return heard;
}

function upgrade(url: string): Promise<Socket> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
  };
  return new Promise((resolve, reject) => {
    const call = request(url.replace(/^ws/, 'http'), { headers });
    call.once('upgrade', (_answer, socket, head) => {
      socket.unshift(head);
      resolve(socket as Socket);
    });
    call.once('response', ({ statusCode }) => reject(new Error(`no upgrade: ${statusCode}`)));
    call.once('error', reject);
    call.end();
  });
}

/** A final text frame as a client sends it, at most 64 kB. */
function maskedFrame(payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const head = Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

/** The first whole frame of a server, which masks nothing; null while it is not all there. */
function firstFrame(bytes: Buffer): { readonly payload: Buffer; readonly size: number } | null {
  if (bytes.length < 2) return null;
  const short = (bytes[1] ?? 0) & 0x7f;
  const headSize = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < headSize) return null;
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  const size = headSize + length;
  return bytes.length < size ? null : { payload: bytes.subarray(headSize, size), size };
}
