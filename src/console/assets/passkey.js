/**
 * Asks for a passkey where a form takes one: `data-passkey` says whether it makes one or shows one, and
 * `data-challenge` where the request comes from. Such forms are hidden where there is no script, or no passkey.
 */
const isAble = typeof window.PublicKeyCredential === 'function' && window.isSecureContext

function bytesOf(base64url) {
  const binary = window.atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (char) => char.charCodeAt(0))
}

function textOf(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer))
  return window.btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

const named = (credentials = []) => credentials.map((one) => ({ ...one, id: bytesOf(one.id) }))

/** Browsers of before 2025 read no JSON themselves. */
function optionsOf(isNew, json) {
  const { PublicKeyCredential } = window
  const parse = isNew
    ? PublicKeyCredential.parseCreationOptionsFromJSON
    : PublicKeyCredential.parseRequestOptionsFromJSON
  if (parse !== undefined) return parse.call(PublicKeyCredential, json)
  const challenge = bytesOf(json.challenge)
  if (!isNew) return { ...json, challenge, allowCredentials: named(json.allowCredentials) }
  const user = { ...json.user, id: bytesOf(json.user.id) }
  return { ...json, challenge, user, excludeCredentials: named(json.excludeCredentials) }
}

/** As `toJSON` of a credential has it, as far as the server reads it. */
function answerOf({ id, rawId, type, response }) {
  const parts = [
    'clientDataJSON',
    'attestationObject',
    'authenticatorData',
    'signature',
    'userHandle',
  ]
  const sent = parts.flatMap((part) =>
    response[part] instanceof ArrayBuffer ? [[part, textOf(response[part])]] : [],
  )
  return JSON.stringify({ id, rawId: textOf(rawId), type, response: Object.fromEntries(sent) })
}

async function answer(form) {
  const isNew = form.dataset.passkey === 'create'
  const token = form.querySelector('input[name="_token"]')?.value ?? ''
  const asked = await window.fetch(form.dataset.challenge, {
    method: 'POST',
    body: new window.URLSearchParams({ _token: token }),
  })
  // Whoever is refused the request is told why by the form itself.
  if (!asked.ok || asked.redirected) return ''
  const publicKey = optionsOf(isNew, await asked.json())
  const { credentials } = window.navigator
  return answerOf(
    await (isNew ? credentials.create({ publicKey }) : credentials.get({ publicKey })),
  )
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  form.hidden = !isAble
  const failure = form.querySelector('[data-passkey-failed]')
  const button = form.querySelector('button')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    failure.hidden = true
    button.disabled = true
    try {
      form.querySelector('[data-passkey-answer]').value = await answer(form)
      // A field that is called as the method is would hide it.
      window.HTMLFormElement.prototype.submit.call(form)
    } catch {
      // Closed by the person, or no passkey of this console is at hand: browsers tell nobody which.
      failure.hidden = false
      failure.focus()
    } finally {
      button.disabled = false
    }
  })
}
for (const note of document.querySelectorAll('[data-passkey-lacking]')) note.hidden = isAble
