/** Names to addresses. Injected: the system's DNS, a table in tests and the demo. */
export interface Resolver {
  /** IPv4 and IPv6 addresses of a name; an address literal resolves to itself. Throws FETCH_FAILED. */
  resolve(hostname: string): Promise<readonly string[]>
  /** The name that this one is an alias of (CNAME); null where it is none, or nobody answers. */
  alias?(hostname: string): Promise<string | null>
  /** Text records of a name, each in its parts. Rejects with the `code` of `node:dns` where it has none. */
  texts?(hostname: string): Promise<readonly (readonly string[])[]>
}

export interface Fetched {
  readonly bytes: Uint8Array
  readonly status: number
  readonly contentType: string
  /** The URL after redirects. */
  readonly finalUrl: string
  /** The address that was talked to. */
  readonly address: string
}

export interface FetchOptions {
  readonly referrer?: string
  /** Fetched through the proxy that `fetch.vantages` has for it; directly where it has none. */
  readonly vantage?: string
  /** Ends the fetch before its own time is over. */
  readonly signal?: AbortSignal
}

/** Fetches a suspected URL in memory, without ever touching an address it should not. */
export interface Fetcher {
  /**
   * Any HTTP status is an answer. Throws FETCH_REFUSED (address, name, port or redirect not
   * allowed), FETCH_FAILED (DNS, connection, time-out, redirects, HTTP), TLS_FAILED, TOO_LARGE,
   * URL_INVALID.
   */
  fetch(url: string, options?: FetchOptions): Promise<Fetched>
  close(): Promise<void>
}
