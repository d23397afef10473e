/**
 * Hashes files of whoever is at the page: a worker that is loaded then decodes and hashes each, and what came of it stands
 * in the form, and is shown as it will be sent. The field of files has no name, so that no form sends one.
 */
import { openHasher } from './hashing.js'

const BYTES_MAX = 256 * 1024 * 1024

for (const form of document.querySelectorAll('form[data-hashes-files]')) {
  if (form instanceof HTMLFormElement && window.crypto.subtle !== undefined) hashFor(form)
}

function hashFor(form) {
  const part = (name) => form.querySelector(`[data-${name}]`)
  const [drop, status, rows, told, names] = ['drop', 'status', 'rows', 'told', 'names'].map(part)
  const files = form.querySelector('input[type=file]')
  const send = form.querySelector('button[type=submit]')
  const words = JSON.parse(form.dataset.words)
  const field = form.elements.namedItem(form.dataset.hashesFiles)
  const filesMax = Number(form.dataset.filesMax)
  const template = part('row-of-file')
  let round = 0
  let made = []
  let hash

  form.hidden = false
  document.querySelector('[data-without]').hidden = true
  say(field.value === '' ? '' : words.before)
  tell()

  files.addEventListener('change', () => void hashAll([...files.files]))
  names?.addEventListener('change', write)
  drop.addEventListener('dragover', (event) => {
    event.preventDefault()
    drop.classList.add('over')
  })
  drop.addEventListener('dragleave', () => drop.classList.remove('over'))
  drop.addEventListener('drop', (event) => {
    // Or the browser would leave the page and show the picture.
    event.preventDefault()
    drop.classList.remove('over')
    files.value = ''
    void hashAll([...event.dataTransfer.files])
  })

  async function hashAll(chosen) {
    round += 1
    const mine = round
    hash ??= openHasher(form.dataset.hasher, { isForLists: true })
    made = []
    write()
    rows.replaceChildren()
    rows.closest('table').hidden = chosen.length === 0
    const lines = chosen.map((file) => addRow(file))
    for (const [at, file] of chosen.entries()) {
      say(`${words.working} ${at + 1}/${chosen.length}`)
      const one = await hashOne(file, at)
      // Others were chosen meanwhile: these are not meant any more.
      if (mine !== round) return
      if (one.hashes !== undefined) made.push({ name: file.name, hashes: one.hashes.map(bare) })
      fillRow(lines[at], one)
    }
    write()
    say(`${words.made} ${made.length}/${chosen.length}`)
  }

  async function hashOne(file, at) {
    if (at >= filesMax) return { unhashed: 'too-many' }
    return file.size > BYTES_MAX ? { unhashed: 'too-large' } : await hash(file)
  }

  /** What is sent, and nothing else: hashes, and names where somebody wants them kept. */
  function write() {
    const isNamed = names?.checked === true
    const sent = made.map(({ name, hashes }) => (isNamed ? { hashes, fileName: name } : { hashes }))
    const value = field.name === 'files' ? sent : sent[0]?.hashes
    field.value = sent.length === 0 ? '' : JSON.stringify(value)
    tell()
  }

  function tell() {
    told.textContent = field.value === '' ? '' : JSON.stringify(JSON.parse(field.value), null, 2)
    told.closest('details').hidden = field.value === ''
    send.disabled = field.value === ''
  }

  function say(text) {
    status.textContent = text
  }

  function addRow(file) {
    const row = template.content.firstElementChild.cloneNode(true)
    const cell = (name) => row.querySelector(`[data-cell=${name}]`)
    cell('name').textContent = file.name
    cell('size').textContent = file.size.toLocaleString(document.documentElement.lang)
    cell('type').textContent = file.type
    cell('state').textContent = words.waits
    rows.append(row)
    return row
  }

  function fillRow(row, { hashes, unhashed }) {
    const cell = (name) => row.querySelector(`[data-cell=${name}]`)
    if (hashes === undefined) {
      row.classList.add('refused')
      cell('state').textContent = words.reasons[unhashed]
      return
    }
    const { quality } = hashes.find(({ type }) => type === 'pdq')
    cell('state').textContent =
      `${words.hashed} ${hashes.map(({ type }) => words.types[type]).join(', ')}`
    cell('quality').textContent = String(quality)
    // As the answer names it.
    cell('number').textContent = String(made.length)
  }
}

/** As lists have it: of all of them it is said once who made them. */
function bare({ type, value, quality }) {
  return quality === undefined ? { type, value } : { type, value, quality }
}
