import { fetcherContract } from '../contract/fetcher.ts'
import { httpHost, loopbackFetcher } from './hosts.ts'

fetcherContract('HTTP on loopback', async (site) => {
  const host = await httpHost((request, response) => {
    const answer = site(request.url ?? '', request.headers.referer)
    if (answer === undefined) {
      request.socket.destroy()
      return
    }
    const { status, body, contentType, location } = answer
    const headers = { 'content-type': contentType, ...(location && { location }) }
    response.writeHead(status, headers).end(body)
  })
  const fetcher = loopbackFetcher([host.port])
  return {
    fetcher,
    origin: `http://media.example:${host.port}`,
    async close() {
      await fetcher.close()
      await host.close()
    },
  }
})
