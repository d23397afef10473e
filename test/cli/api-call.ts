/** Calls of a server that runs as a process of its own; they throw where it does not answer 2xx. */
export function apiAt(url: string) {
  return async (key: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${String(response.status)}`)
    return response.json()
  }
}
