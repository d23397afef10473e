/** Hashes pictures of whoever is at the page, by a worker that can ask nobody for anything: files go in, hashes come out. */
const PATIENCE_MS = 60_000
const HASHER_PLACE = /^\/console\/assets\/hasher-[0-9a-f]+\.js$/

/**
 * Each file answered by its number. A worker that cannot start, or falls silent over a file, is a browser that cannot
 * hash: the form goes without, and nobody waits.
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
  const giveUp = () => {
    isBroken = true
    worker.terminate()
    for (const answer of waiting.values()) answer({ unhashed: 'unable' })
    waiting.clear()
  }
  worker.addEventListener('error', giveUp)
  let last = 0
  return (file) =>
    new Promise((answer) => {
      if (isBroken) return answer({ unhashed: 'unable' })
      last += 1
      const patience = window.setTimeout(giveUp, PATIENCE_MS)
      waiting.set(last, (answered) => {
        window.clearTimeout(patience)
        answer(answered)
      })
      worker.postMessage({ id: last, file, ...asked })
    })
}
