// For a child process of a test: what it imports of the sources it gets as built, which needs no loader.
import { readFile } from 'node:fs/promises'

const ROOT = new URL('../../', import.meta.url).href
const SOURCE = /^((?:src|native)\/.+)\.ts$/
const BUILT = `${ROOT}dist/`

/** @type {import('node:module').ResolveHook} */
export function resolve(specifier, context, next) {
  const { parentURL } = context
  if (!specifier.startsWith('.') || parentURL === undefined) return next(specifier, context)
  const { href } = new URL(specifier, parentURL)
  const [, name] = href.startsWith(ROOT) ? (SOURCE.exec(href.slice(ROOT.length)) ?? []) : []
  const url = name === undefined ? href : `${BUILT}${name}.js`
  if (!url.startsWith(BUILT)) return next(specifier, context)
  return { url, format: 'module', shortCircuit: true }
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.startsWith(BUILT)) return next(url, context)
  return { format: 'module', source: await readFile(new URL(url)), shortCircuit: true }
}
