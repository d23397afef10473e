/**
 * What the page for the public does beyond its forms: it works for the server's patience while somebody writes, so that
 * floods cost those who make them, hashes pictures of the sender, and leaves at once. Without it a form waits a few
 * seconds instead.
 */
import { openHasher } from './hashing.js'

const BATCH = 64
const PICTURES_MAX = 20

const leave = document.querySelector('[data-leave]')
if (leave instanceof HTMLAnchorElement) {
  leave.addEventListener('click', (event) => {
    // The page does not stay behind the button that goes back, nor does a page that has it in a frame.
    event.preventDefault()
    window.top.location.replace(leave.href)
  })
}

const message = document.querySelector('[data-focus]')
if (message instanceof HTMLElement) message.focus()

for (const form of document.querySelectorAll('form[data-work]')) {
  if (form instanceof HTMLFormElement && window.crypto.subtle !== undefined) workFor(form)
}

function workFor(form) {
  const [token, nonce] = ['token', 'nonce'].map((name) => form.elements.namedItem(name))
  if (!(token instanceof HTMLInputElement) || !(nonce instanceof HTMLInputElement)) return
  const before = sentAfter(form)
  before(async () => {
    nonce.value = await solve(token.value, Number(form.dataset.work))
  })
  const chooser = form.querySelector('[data-hasher]')
  if (chooser instanceof HTMLElement) hashChosen(chooser, before)
}

/**
 * The work that a form waits for: a form that is sent earlier goes by itself once
 * all of it is done, unless some of it is to be read first.
 */
function sentAfter(form) {
  let left = 0
  let isSent = false
  form.addEventListener('submit', (event) => {
    if (left === 0) return
    event.preventDefault()
    isSent = true
  })
  return async (work) => {
    left += 1
    const isToBeRead = await work()
    left -= 1
    if (isToBeRead === true) isSent = false
    if (left === 0 && isSent) form.submit()
  }
}

/**
 * Pictures that are chosen, or dropped onto the field, are hashed by a worker that is loaded then. Their hashes stand in
 * the form; the files have no name in it and are never sent.
 */
function hashChosen(chooser, before) {
  const [files, hashes] = chooser.querySelectorAll('input')
  const [status, refused] = ['p', 'ul'].map((name) => chooser.querySelector(name))
  const without = chooser.parentElement.querySelector('[data-without]')
  const words = JSON.parse(chooser.dataset.words)
  let round = 0
  let hash
  chooser.hidden = false
  without.hidden = true
  if (hashes.value !== '') sayMade(JSON.parse(hashes.value).length)

  files.addEventListener('change', () => {
    round += 1
    const mine = round
    before(async () => {
      hash ??= openHasher(chooser.dataset.hasher)
      const made = []
      hashes.value = ''
      refused.replaceChildren()
      status.textContent = words.working
      for (const [at, file] of [...files.files].entries()) {
        const one = at < PICTURES_MAX ? await hash(file) : { unhashed: 'too-many' }
        // Others were chosen meanwhile: these are not meant any more.
        if (mine !== round) return false
        if (one.hashes !== undefined) made.push(one.hashes)
        else refuse(file.name, one.unhashed)
      }
      hashes.value = made.length === 0 ? '' : JSON.stringify(made)
      sayMade(made.length)
      return refused.childElementCount > 0
    })
  })

  function sayMade(count) {
    status.textContent = `${words.made} ${count}`
  }

  function refuse(name, reason) {
    const line = document.createElement('li')
    line.textContent = `${name}: ${words.reasons[reason]}`
    refused.append(line)
  }
}

/** Finds a number behind the token whose SHA-256 begins with enough zeros. */
async function solve(token, bits) {
  const encoder = new TextEncoder()
  for (let from = 0; ; from += BATCH) {
    const tried = Array.from({ length: BATCH }, (_, at) => String(from + at))
    const digests = await Promise.all(
      tried.map((one) => window.crypto.subtle.digest('SHA-256', encoder.encode(`${token}.${one}`))),
    )
    const at = digests.findIndex((digest) => zeroBits(new Uint8Array(digest)) >= bits)
    if (at >= 0) return tried[at]
  }
}

function zeroBits(digest) {
  const byte = digest.findIndex((one) => one !== 0)
  return byte === -1 ? digest.length * 8 : byte * 8 + Math.clz32(digest[byte]) - 24
}
