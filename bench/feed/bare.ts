// What any server on Node must do with a feed, and no more: a process of its own that reads lines, parses and
// checks each, looks its hash up and answers. No key, no limits, no order of work, no record.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The one argument of this process, in JSON, names the hashes that are known. */
const [, , told = '[]'] = process.argv
const known = new Set(JSON.parse(told) as string[])
const NEWLINE = 0x0a
const HASH = /^[0-9a-f]{64}$/

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy())
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, pid: process.pid }))
})
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  let rest: Buffer = Buffer.alloc(0)
  let line = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let answers = ''
    let from = 0
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      line += 1
      answers += `${JSON.stringify({ line, ...answerTo(bytes.toString('utf8', from, end)) })}\n`
      from = end + 1
    }
    rest = bytes.subarray(from)
    if (answers !== '' && !response.write(answers)) {
      await new Promise((resolve) => response.once('drain', resolve))
    }
  }
  response.end()
}

function answerTo(text: string): object {
  let sighting: unknown
  try {
    sighting = JSON.parse(text)
  } catch {
    return { error: { code: 'INVALID_INPUT' } }
  }
  const hash = checkedHash(sighting)
  if (hash === undefined) return { error: { code: 'INVALID_INPUT' } }
  return { verdict: known.has(hash) ? 'pending' : 'none' }
}

/** Undefined where a field is not what it must be. */
function checkedHash(sighting: unknown): string | undefined {
  if (!isRecord(sighting)) return undefined
  const { url, pageUrl, fetchedAt, httpStatus, contentType, hashes, ...others } = sighting
  const [hash] = Array.isArray(hashes) ? (hashes as unknown[]) : []
  const isGood =
    isUrl(url) &&
    isUrl(pageUrl) &&
    typeof fetchedAt === 'string' &&
    Number.isFinite(Date.parse(fetchedAt)) &&
    Number.isInteger(httpStatus) &&
    typeof contentType === 'string' &&
    Object.keys(others).length === 0
  if (!isGood || !isRecord(hash)) return undefined
  const { type, value, quality } = hash
  if (type !== 'pdq' || typeof value !== 'string' || !HASH.test(value)) return undefined
  return typeof quality === 'number' && quality >= 0 && quality <= 100 ? value : undefined
}

function isUrl(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
