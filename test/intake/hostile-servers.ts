import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import {
  type HostileServer,
  BROKEN_HTTP,
  bomb,
  CHUNKED,
  drip,
  encoded,
  gzipBomb,
  OK,
  pour,
  redirect,
  RESET_AFTER_MS,
  thenPour,
} from './hostile-behaviour.ts'
import { hostileRedirects } from './hostile-redirects.ts'
const sizes: HostileServer[] = [
  {
    name: 'a body without end',
    code: 'TOO_LARGE',
    says: 'bytesMax',
    http: (_request, response) => {
      pour(response, Buffer.alloc(65_536))
    },
  },
  {
    name: 'a body without end, chunked',
    code: 'TOO_LARGE',
    says: 'bytesMax',
    raw: thenPour(CHUNKED, `400\r\n${'x'.repeat(1024)}\r\n`),
  },
  {
    name: 'a length over the limit, with a body of one byte',
    code: 'TOO_LARGE',
    says: 'bytesMax',
    raw: `${OK}content-length: 9999999999\r\n\r\nx`,
  },
  {
    name: 'one byte too many',
    code: 'TOO_LARGE',
    says: 'bytesMax',
    settings: { 'fetch.bytesMax': 1000 },
    http: (_request, response) => response.end('x'.repeat(1001)),
  },
  { name: 'a gzip bomb', code: 'TOO_LARGE', says: 'bytesMax', http: encoded(['gzip'], gzipBomb) },
  {
    name: 'a gzip bomb in gzip',
    code: 'TOO_LARGE',
    says: 'bytesMax',
    http: encoded(['gzip, gzip'], gzipSync(gzipBomb)),
  },
  {
    name: 'a gzip bomb in gzip, told in two lines',
    code: 'TOO_LARGE',
    says: 'bytesMax',
    http: encoded(['gzip', 'gzip'], gzipSync(gzipBomb)),
  },
  {
    name: 'a gzip bomb in gzip in gzip',
    code: 'FETCH_FAILED',
    says: 'too many content encodings',
    http: encoded(['gzip, gzip, gzip'], gzipSync(gzipSync(gzipBomb))),
  },
  {
    name: 'a deflate bomb',
    code: 'TOO_LARGE',
    says: 'bytesMax',
    http: encoded(['deflate'], deflateSync(bomb)),
  },
  {
    name: 'a brotli bomb',
    code: 'TOO_LARGE',
    says: 'bytesMax',
    http: encoded(['br'], brotliCompressSync(bomb)),
  },
  {
    name: 'a brotli bomb in gzip',
    code: 'TOO_LARGE',
    says: 'bytesMax',
    http: encoded(['br, gzip'], gzipSync(brotliCompressSync(bomb))),
  },
  {
    name: 'a zstd bomb: that is not understood at all',
    code: 'FETCH_FAILED',
    says: 'not understood',
    http: encoded(['zstd'], Buffer.from('28b52ffd', 'hex')),
  },
  {
    name: 'an encoding that nobody has',
    code: 'FETCH_FAILED',
    says: 'not understood',
    http: encoded(['x-own'], gzipBomb),
  },
  {
    name: 'gzip that is cut off',
    code: 'FETCH_FAILED',
    says: 'damaged',
    http: encoded(['gzip'], gzipBomb.subarray(0, 100)),
  },
  {
    name: 'gzip that is none',
    code: 'FETCH_FAILED',
    says: 'damaged',
    http: encoded(['gzip'], Buffer.from('plain')),
  },
  {
    name: 'brotli that is gzip',
    code: 'FETCH_FAILED',
    says: 'damaged',
    http: encoded(['br'], gzipBomb),
  },
  {
    name: 'a chunk extension without end',
    code: 'TOO_LARGE',
    says: 'wireBytesMax',
    raw: thenPour(`${CHUNKED}1;`, 'x'.repeat(65_536)),
  },
  {
    name: 'chunks of one byte, each with a long extension',
    code: 'TOO_LARGE',
    says: 'wireBytesMax',
    raw: thenPour(CHUNKED, `1;${'e'.repeat(4096)}\r\nx\r\n`),
  },
  {
    name: 'a status line without end',
    code: 'TOO_LARGE',
    says: 'wireBytesMax',
    raw: thenPour('HTTP/1.1 200 ', 'x'.repeat(65_536)),
  },
]

const headers: HostileServer[] = [
  {
    name: 'a header of 100 kB',
    code: 'FETCH_FAILED',
    says: 'UND_ERR_HEADERS_OVERFLOW',
    raw: `${OK}x: ${'y'.repeat(100_000)}\r\n\r\n`,
  },
  {
    name: 'ten thousand headers',
    code: 'FETCH_FAILED',
    says: 'UND_ERR_HEADERS_OVERFLOW',
    raw: `${OK}${'name: value\r\n'.repeat(10_000)}\r\n`,
  },
  {
    name: 'headers without end',
    code: 'FETCH_FAILED',
    says: 'UND_ERR_HEADERS_OVERFLOW',
    raw: thenPour(OK, 'name: value\r\n'),
  },
  {
    name: 'headers without end, one by one',
    code: 'FETCH_FAILED',
    says: 'to the first byte',
    settings: { 'fetch.firstByteSeconds': 0.3 },
    raw: (socket) => {
      socket.write(OK)
      drip(socket, 'x: y\r\n', 20)
    },
  },
  {
    name: 'trailers without end',
    code: 'FETCH_FAILED',
    says: 'UND_ERR_HEADERS_OVERFLOW',
    raw: thenPour(`${CHUNKED}1\r\nx\r\n0\r\n`, 'name: value\r\n'),
  },
  {
    name: 'interim answers without end',
    code: 'FETCH_FAILED',
    says: 'interim answers',
    raw: thenPour('', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),
  },
  {
    name: 'interim answers without end, one by one',
    code: 'FETCH_FAILED',
    says: 'interim answers',
    raw: (socket) => {
      drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n', 10)
    },
  },
  {
    name: 'a go-ahead that nobody asked for',
    code: 'FETCH_FAILED',
    says: 'UND_ERR_SOCKET',
    raw: `HTTP/1.1 100 Continue\r\n\r\n${OK}content-length: 0\r\n\r\n`,
  },
  {
    name: 'another protocol from here on',
    code: 'FETCH_FAILED',
    says: 'UND_ERR_SOCKET',
    raw: 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
  },
  {
    name: 'a header without a colon',
    code: 'FETCH_FAILED',
    says: BROKEN_HTTP,
    raw: `${OK}x\r\n\r\n`,
  },
  { name: 'a NUL in a header', code: 'FETCH_FAILED', says: BROKEN_HTTP, raw: `${OK}x: \0\r\n\r\n` },
  {
    name: 'a status of no meaning',
    code: 'FETCH_FAILED',
    says: BROKEN_HTTP,
    raw: 'HTTP/1.1 twenty OK\r\n\r\n',
  },
  {
    name: 'HTTP of the future',
    code: 'FETCH_FAILED',
    says: BROKEN_HTTP,
    raw: 'HTTP/9.9 200\r\n\r\n',
  },
  { name: 'HTTP/0.9', code: 'FETCH_FAILED', says: BROKEN_HTTP, raw: '<html>' },
  { name: 'SSH', code: 'FETCH_FAILED', says: BROKEN_HTTP, raw: 'SSH-2.0-OpenSSH_9.9\r\n' },
  { name: 'SMTP', code: 'FETCH_FAILED', says: BROKEN_HTTP, raw: '220 mail.example ESMTP\r\n' },
]

const lengths: HostileServer[] = [
  {
    name: 'fewer bytes than declared',
    code: 'FETCH_FAILED',
    says: 'UND_ERR',
    raw: `${OK}content-length: 100\r\n\r\nabc`,
  },
  {
    name: 'two lengths',
    code: 'FETCH_FAILED',
    says: BROKEN_HTTP,
    raw: `${OK}content-length: 3\r\ncontent-length: 4\r\n\r\nabcd`,
  },
  {
    name: 'a length that is less than nothing',
    code: 'FETCH_FAILED',
    says: BROKEN_HTTP,
    raw: `${OK}content-length: -1\r\n\r\nabc`,
  },
  {
    name: 'a length beyond counting',
    code: 'FETCH_FAILED',
    says: BROKEN_HTTP,
    raw: `${OK}content-length: ${'9'.repeat(40)}\r\n\r\nabc`,
  },
  {
    name: 'a length and chunks',
    code: 'FETCH_FAILED',
    says: BROKEN_HTTP,
    raw: `${OK}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
  },
  {
    name: 'chunks of no size',
    code: 'FETCH_FAILED',
    says: BROKEN_HTTP,
    raw: `${CHUNKED}zz\r\nabc`,
  },
  {
    name: 'a chunk beyond counting',
    code: 'FETCH_FAILED',
    says: BROKEN_HTTP,
    raw: `${CHUNKED}${'f'.repeat(20)}\r\nabc`,
  },
  {
    name: 'a chunk longer than its size',
    code: 'FETCH_FAILED',
    says: BROKEN_HTTP,
    raw: `${CHUNKED}2\r\nabcdef\r\n0\r\n\r\n`,
  },
  {
    name: 'chunks cut off',
    code: 'FETCH_FAILED',
    says: 'failed',
    raw: `${CHUNKED}5\r\nabc`,
  },
  {
    name: 'chunks cut off at the close that it announced',
    code: 'FETCH_FAILED',
    says: 'failed',
    raw: `${OK}connection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc`,
  },
  { name: 'nothing', code: 'FETCH_FAILED', says: 'UND_ERR_SOCKET', raw: '' },
  { name: 'a status line alone', code: 'FETCH_FAILED', says: 'failed', raw: OK },
  ...[
    ['before the header', ''],
    ['within the header', `${OK}x: `],
    ['within a body of known length', `${OK}content-length: 9\r\n\r\nabc`],
    ['within a body of unknown length', `${OK}\r\nabc`],
    ['within a chunk', `${CHUNKED}5\r\nabc`],
  ].map(
    ([where = '', text = '']): HostileServer => ({
      name: `a reset ${where}`,
      code: 'FETCH_FAILED',
      says: 'failed',
      raw: (socket) => {
        // libuv takes a reset that comes together with data for an ordinary end.
        socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), RESET_AFTER_MS))
      },
    }),
  ),
]

const times: HostileServer[] = [
  {
    name: 'silence',
    code: 'FETCH_FAILED',
    says: 'time-out: 0.2 s to the first byte',
    settings: { 'fetch.firstByteSeconds': 0.2 },
    raw: () => undefined,
  },
  {
    name: 'half a header and silence',
    code: 'FETCH_FAILED',
    says: 'time-out: 0.2 s to the first byte',
    settings: { 'fetch.firstByteSeconds': 0.2 },
    raw: (socket) => {
      socket.write(`${OK}x: `)
    },
  },
  {
    name: 'a byte at a time',
    code: 'FETCH_FAILED',
    says: 'too slow: under 1000 bytes a second',
    settings: { 'fetch.bytesPerSecondMin': 1000, 'fetch.paceSeconds': 0.3 },
    http: (_request, response) => {
      drip(response, 'x', 20)
    },
  },
  {
    name: 'a chunk, and then none',
    code: 'FETCH_FAILED',
    says: 'too slow: under 1000 bytes a second',
    settings: { 'fetch.bytesPerSecondMin': 1000, 'fetch.paceSeconds': 0.3 },
    http: (_request, response) => {
      response.write('x'.repeat(10_000))
    },
  },
  {
    name: 'a body that is just fast enough, for ever',
    code: 'FETCH_FAILED',
    says: 'time-out: 0.4 s in all',
    settings: { 'fetch.totalSeconds': 0.4 },
    http: (_request, response) => {
      drip(response, 'x'.repeat(1000), 20)
    },
  },
  {
    name: 'redirects that each take their time',
    code: 'FETCH_FAILED',
    says: 'time-out: 0.4 s in all',
    settings: { 'fetch.totalSeconds': 0.4, 'fetch.redirectsMax': 20 },
    http: (request, response) => {
      setTimeout(redirect('/next'), 100, request, response)
    },
  },
]

export const HOSTILE_SERVERS: readonly HostileServer[] = [
  ...sizes,
  ...headers,
  ...lengths,
  ...times,
  ...hostileRedirects,
]
