import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const MEDIA_PER_PAGE = 25

/** Media that a provider's customers have put up. */
export interface Upload {
  readonly path: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

export interface ProviderOptions {
  readonly name: string
  /** The name under which the crawler knows it. */
  readonly hostname: string
  /** Loopback address that it serves from. */
  readonly address: string
  readonly abuseContact: string
}

/** A hosting provider: an HTTP server whose pages show the uploads. */
export interface Provider extends ProviderOptions {
  /** `http://hostname:port` */
  readonly origin: string
  readonly port: number
  upload(upload: Upload): void
  /** False where nothing was at that path. */
  remove(path: string): boolean
  close(): Promise<void>
}

export async function startProvider(options: ProviderOptions): Promise<Provider> {
  const uploads = new Map<string, Upload>()

  function page(number: number): string | undefined {
    const all = [...uploads.values()]
    const shown = all.slice(number * MEDIA_PER_PAGE, (number + 1) * MEDIA_PER_PAGE)
    if (shown.length === 0) return undefined
    const media = shown.map(({ path, contentType }) =>
      contentType.startsWith('video/') ? `<video src="${path}"></video>` : `<img src="${path}">`,
    )
    return `<!doctype html><title>${options.name}</title>${media.join('\n')}`
  }

  function front(): string {
    const pages = Math.ceil(uploads.size / MEDIA_PER_PAGE)
    const links = Array.from({ length: pages }, (_, n) => `<a href="/page/${n}">${n}</a>`)
    return `<!doctype html><title>${options.name}</title>${links.join('\n')}`
  }

  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const upload = uploads.get(path)
    const html = path === '/' ? front() : page(Number(/^\/page\/(\d+)$/.exec(path)?.[1] ?? NaN))
    if (upload !== undefined) {
      response.writeHead(200, { 'content-type': upload.contentType }).end(upload.bytes)
    } else if (html !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html)
    } else {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found')
    }
  })
  await new Promise<void>((ready) => server.listen(0, options.address, ready))
  const { port } = server.address() as AddressInfo

  return {
    ...options,
    port,
    origin: `http://${options.hostname}:${port}`,
    upload: (upload) => {
      uploads.set(upload.path, upload)
    },
    remove: (path) => uploads.delete(path),
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done()
        })
        server.closeAllConnections()
      }),
  }
}
