/**
 * What the page for the public does beyond its forms: it works for the server's patience while somebody writes, so that
 * floods cost those who make them, and it leaves at once. Without it a form waits a few seconds instead.
 */
const BATCH = 64

const leave = document.querySelector('[data-leave]')
if (leave instanceof HTMLAnchorElement) {
  leave.addEventListener('click', (event) => {
    // The page does not stay behind the button that goes back.
    event.preventDefault()
    window.location.replace(leave.href)
  })
}

const message = document.querySelector('[data-focus]')
if (message instanceof HTMLElement) message.focus()

for (const form of document.querySelectorAll('form[data-work]')) {
  if (form instanceof HTMLFormElement && window.crypto.subtle !== undefined) workFor(form)
}

/** Finds a number behind the token whose SHA-256 begins with enough zeros; a form that is sent before waits for it. */
function workFor(form) {
  const [token, nonce] = ['token', 'nonce'].map((name) => form.elements.namedItem(name))
  if (!(token instanceof HTMLInputElement) || !(nonce instanceof HTMLInputElement)) return
  let isSent = false
  form.addEventListener('submit', (event) => {
    if (nonce.value !== '') return
    event.preventDefault()
    isSent = true
  })
  void solve(token.value, Number(form.dataset.work)).then((found) => {
    nonce.value = found
    if (isSent) form.submit()
  })
}

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
