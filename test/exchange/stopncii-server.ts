import { type ExchangeServer, startExchange } from './exchange-server.ts'

export interface StopNciiRecord {
  lastModtimestamp: number
  signalType: string
  hashValue: string
  hashStatus: string
}

export interface StopNciiServer extends ExchangeServer {
  /** Bodies of SubmitFeedback, in order. */
  readonly feedback: string[]
  readonly records: StopNciiRecord[]
}

export const STOPNCII_FEEDBACK_KEY = 'feedback-key'
export const STOPNCII_CREDENTIALS = { functionsKey: 'f-key', subscriptionKey: 's-key' }

/** Plays StopNCII 1: records changed since a time, some a page. */
export async function startStopNcii(pageRows = 2): Promise<StopNciiServer> {
  const records: StopNciiRecord[] = []
  const feedback: string[] = []
  const exchange = await startExchange(({ headers, method }, url, body) => {
    const { functionsKey, subscriptionKey } = STOPNCII_CREDENTIALS
    if (method === 'POST' && url.pathname === '/v1/SubmitFeedback') {
      if (headers['x-functions-key'] !== STOPNCII_FEEDBACK_KEY) return said(401, {})
      feedback.push(body)
      return said(200, {})
    }
    const isKnown =
      headers['x-functions-key'] === functionsKey &&
      headers['ocp-apim-subscription-key'] === subscriptionKey
    if (!isKnown) return said(401, {})
    if (url.pathname !== '/v1/FetchHashes') return said(404, {})
    const since = Number(url.searchParams.get('startTimestamp'))
    const start = Number(url.searchParams.get('nextPageToken') ?? '0')
    const found = records.filter(({ lastModtimestamp }) => lastModtimestamp >= since)
    const hashRecords = found
      .slice(start, start + pageRows)
      .map((record) => ({ ...record, caseNumbers: {}, CSPFeedbacks: [] }))
    const hasMoreRecords = start + pageRows < found.length
    return said(200, {
      count: hashRecords.length,
      hashRecords,
      hasMoreRecords,
      nextPageToken: hasMoreRecords ? String(start + pageRows) : '',
      nextSetTimestamp: Math.max(since, ...found.map(({ lastModtimestamp }) => lastModtimestamp)),
    })
  })
  return Object.assign(exchange, { url: `${exchange.url}/v1`, records, feedback })
}

function said(status: number, body: object) {
  return { status, type: 'application/json', body: JSON.stringify(body) }
}
