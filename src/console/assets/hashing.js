/** Hashes pictures of whoever is at the page, by a worker that can ask nobody for anything: files go in, hashes come out. */
const HASHER_PLACE = /^\/console\/assets\/hasher-[0-9a-f]+\.js$/

/**
 * Each file answered by its number. A worker that cannot start is a browser that cannot hash.
 *
 * @param asked What is asked of each file besides its hashes: see `worker.ts`
 */
export function openHasher(place, asked = {}) {
  const waiting = new Map()
  // Our own script alone, whatever stands in the page: no other address ever reaches the worker.
  const policy = window.trustedTypes?.createPolicy('hasher', {
    createScriptURL: (url) => (HASHER_PLACE.test(url) ? url : ''),
  })
  const worker = new Worker(policy?.createScriptURL(place) ?? place, { type: 'module' })
  worker.addEventListener('message', ({ data }) => {
    waiting.get(data.id)?.(data)
    waiting.delete(data.id)
  })
  let isBroken = false
  worker.addEventListener('error', () => {
    isBroken = true
    for (const answer of waiting.values()) answer({ unhashed: 'unable' })
    waiting.clear()
  })
  let last = 0
  return (file) =>
    new Promise((answer) => {
      if (isBroken) answer({ unhashed: 'unable' })
      last += 1
      waiting.set(last, answer)
      worker.postMessage({ id: last, file, ...asked })
    })
}
