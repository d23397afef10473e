import { loadConfig } from '../config.ts'
import { own } from '../core/index.ts'

/**
 * A settings file in which every setting stands, commented out, with its default and meaning; those
 * that are chosen (by dotted path) are in force.
 */
export function settingsTemplate(chosen: Readonly<Record<string, boolean>>): string {
  // The data directory is what this file lies in, and secrets belong in the environment.
  const { settings } = loadConfig({ env: {}, flags: { data: '/nowhere' } })
  const lines = [
    '# Settings of Hindra. Take away a # to change one; `hindra config` shows what is in force.',
    '# Environment variables (HINDRA_SERVER_PORT) win over this file, flags over both.',
  ]
  let section = ''
  for (const { path, value, meaning } of settings) {
    const [name = '', key] = path.split('.')
    if (key === undefined) continue
    const isChosen = Object.keys(chosen).some((each) => each.startsWith(`${name}.`))
    const mark = isChosen ? '' : '# '
    if (name !== section) lines.push('', `${mark}${name}:`)
    section = name
    if (own(chosen, path) !== undefined) {
      lines.push(`  ${key}: ${own(chosen, path)}  # ${meaning}`)
      continue
    }
    const comment = meaning === '' ? '' : `  # ${meaning}`
    lines.push(`#   ${key}: ${value === null ? '' : JSON.stringify(value)}${comment}`)
  }
  return `${lines.join('\n')}\n`
}
