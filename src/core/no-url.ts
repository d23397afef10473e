/** A sighting must have a URL, and a file of one's own has none: RFC 2606 keeps `.invalid` free for that. */
export const NO_URL = 'https://file.invalid/'

const { hostname: NO_HOST } = new URL(NO_URL)

/** Whether a URL, which can be parsed, stands for none. */
export function isNoUrl(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === NO_HOST || hostname === `${NO_HOST}.`
}
