/**
 * Keeps what is shown as it is by now: the server tells that something has changed, and the page then asks for itself
 * again and takes over the parts that may change. Nothing needs it. What a person types is never replaced.
 */
const ITSELF = 'hindra-live'
/** The times that a page tells move on, and a line that died in silence is found out. */
const AT_LEAST_MS = 60_000
const AGAIN_MS = 10_000

const regions = () => [...document.querySelectorAll('[data-live]')]
const topics = [...new Set(regions().flatMap((region) => region.dataset.live.split(' ')))]
const state = document.querySelector('[data-live-state]')
let source
let isAsking = false
let isStale = false
let lastAt = window.performance.now()

function say(which) {
  const text = which === undefined ? '' : state.dataset[which]
  if (state.textContent !== text) state.textContent = text
}

function listen() {
  source?.close()
  source = new window.EventSource(`/console/live?of=${encodeURIComponent(topics.join(' '))}`)
  source.addEventListener('changed', refresh)
  // Also the first one: something may have changed since the page was made.
  source.addEventListener('open', refresh)
  source.addEventListener('error', () => {
    if (source.readyState !== window.EventSource.CLOSED) say('broken')
    else {
      refresh()
      window.setTimeout(() => !document.hidden && listen(), AGAIN_MS)
    }
  })
}

function refresh() {
  if (isAsking) {
    isStale = true
    return
  }
  isAsking = true
  isStale = false
  lastAt = window.performance.now()
  const request = new window.XMLHttpRequest()
  // Where a form was refused the address is that of its act, which nobody can ask for.
  request.open('GET', state.dataset.place)
  request.setRequestHeader(ITSELF, '1')
  request.responseType = 'document'
  request.timeout = 20_000
  request.addEventListener('loadend', () => {
    isAsking = false
    const { status, response } = request
    if (status === 200 && response !== null) {
      say()
      for (const region of regions()) takeOver(region, response)
    } else if (status === 401) {
      say('ended')
      source?.close()
    } else say('broken')
    if (isStale) refresh()
  })
  request.send()
}

function takeOver(region, fresh) {
  const found = fresh.getElementById(region.id)
  if (found === null || found.innerHTML === region.innerHTML || isWrittenIn(region)) return
  const next = document.importNode(found, true)
  const open = [...region.querySelectorAll('details')].map((one) => one.open)
  next.querySelectorAll('details').forEach((one, at) => {
    one.open = open[at] ?? false
  })
  const at = placeOfFocus(region)
  region.replaceWith(next)
  if (at !== undefined) focusAt(next, at)
}

/** Whether somebody has typed or chosen something there, or is about to. */
function isWrittenIn(region) {
  const fields = [...region.querySelectorAll('input, textarea, select')]
  return fields.some(
    (field) =>
      field === document.activeElement ||
      (field.type === 'checkbox' || field.type === 'radio'
        ? field.checked !== field.defaultChecked
        : field.defaultValue !== undefined && field.value !== field.defaultValue),
  )
}

const within = (region) => [...region.querySelectorAll('a, button, summary, [tabindex]')]

/** Tells which link or button of a region has the focus: where it leads, and its place among the others. */
function placeOfFocus(region) {
  const at = within(region).indexOf(document.activeElement)
  return at < 0 ? undefined : { at, leadsTo: document.activeElement.getAttribute('href') }
}

function focusAt(region, { at, leadsTo }) {
  const all = within(region)
  const same =
    leadsTo === null ? undefined : all.find((one) => one.getAttribute('href') === leadsTo)
  const next = same ?? all[Math.min(at, all.length - 1)]
  next?.focus({ preventScroll: true })
}

if (topics.length > 0 && state instanceof HTMLElement) {
  if (!document.hidden) listen()
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) source?.close()
    else listen()
  })
  window.addEventListener('pagehide', () => source?.close())
  window.addEventListener('online', listen)
  window.setInterval(() => {
    if (!document.hidden && window.performance.now() - lastAt > AT_LEAST_MS) refresh()
  }, AGAIN_MS)
}
