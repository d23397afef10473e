/**
 * What the console does beyond its pages: single keys, and the focus on what a form came to. Nothing needs it.
 *
 * Keys work where nobody writes, and are switched off in the list that `?` shows (WCAG 2.1.4).
 */
const OFF = 'hindra-keys-off'
/** Nobody writes in a box that is ticked, and the one in the list of keys keeps the focus for a while after the list is closed. */
const WRITTEN_IN =
  'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]'
const help = document.querySelector('#keys')
const isOn = document.querySelector('#keys-on')

const stored = (() => {
  try {
    return window.localStorage
  } catch {
    // A locked-down browser keeps nothing: keys are on until the page is left.
    return undefined
  }
})()

const areKeysOn = () => stored?.getItem(OFF) !== 'yes'
if (isOn instanceof HTMLInputElement) {
  isOn.checked = areKeysOn()
  isOn.addEventListener('change', () => {
    if (isOn.checked) stored?.removeItem(OFF)
    else stored?.setItem(OFF, 'yes')
  })
}

// The code of an invitation stands behind the # of its link: it goes into the form, and out of the history.
const fromAddress = document.querySelector('[data-from-address]')
if (fromAddress instanceof HTMLInputElement && window.location.hash.length > 1) {
  fromAddress.value = decodeURIComponent(window.location.hash.slice(1))
  window.history.replaceState(null, '', window.location.pathname)
}

// Back from a provider: only a form of our own brings the cookies along.
document.querySelector('form[data-send-at-once]')?.requestSubmit()

const message = document.querySelector('[data-focus]')
if (message instanceof HTMLElement) message.focus()

/** Goes to the link of the row before or behind the one that has the focus. */
function move(by) {
  const links = [...document.querySelectorAll('[data-row] [data-open]')]
  if (links.length === 0) return
  const at = links.findIndex((link) => link.closest('[data-row]')?.contains(document.activeElement))
  const next = at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))
  links[next].focus()
}

function press(key) {
  const named = document.querySelector(`[data-key="${key}"]`)
  if (!(named instanceof HTMLElement)) return false
  // A decision wants its reason first: the form shows what is missing.
  named.click()
  return true
}

const ACTS = {
  '?': () => help instanceof HTMLDialogElement && help.showModal(),
  '/': () => document.querySelector('[data-key-focus="/"]')?.focus(),
  q: () => window.location.assign('/console'),
  j: () => move(1),
  k: () => move(-1),
}

document.addEventListener('keydown', (event) => {
  const { target, key } = event
  if (event.ctrlKey || event.altKey || event.metaKey || !areKeysOn()) return
  if (help instanceof HTMLDialogElement && help.open) return
  if (target instanceof HTMLElement && target.matches(WRITTEN_IN)) return
  if (Object.hasOwn(ACTS, key)) ACTS[key]()
  else if (!/^[a-z]$/.test(key) || !press(key)) return
  event.preventDefault()
})
