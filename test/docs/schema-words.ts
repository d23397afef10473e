import type { JsonSchema } from '../../src/operations/index.ts'

/** What an input takes, in words: a list of its fields, or of the ways to give them. */
export function fieldsOf(schema: JsonSchema): string {
  const ways = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(ways)) {
    return (ways as JsonSchema[])
      .map((way, at) => `${at === 0 ? 'Either' : 'or'}\n\n${fieldsOf(way)}`)
      .join('\n\n')
  }
  const fields = Object.entries(properties(schema))
  if (fields.length === 0) {
    const isObject = schema['type'] === 'object'
    return isObject ? 'Takes nothing.' : 'Takes a body that `hindra openapi` describes.'
  }
  const required = requiredOf(schema)
  return fields
    .map(([name, field]) => `- \`${name}\`${required.has(name) ? '' : '?'}${said(name, field)}`)
    .join('\n')
}

/** `: text of 1 to 64 characters. Of the page`; nothing for an id, whose name says it. */
function said(name: string, field: JsonSchema): string {
  const words = /^id$|Id$/.test(name) ? '' : wordsOf(field)
  const { description } = field
  const about = typeof description === 'string' ? description : ''
  const parts = [words, about].filter((part) => part !== '')
  return parts.length === 0 ? '' : `: ${parts.join('. ')}`
}

/** `1 to 500 characters`, \`a\` or \`b\`. */
function wordsOf(field: JsonSchema): string {
  const { enum: values, const: only, default: usual, anyOf, oneOf, type } = field
  const byDefault =
    usual === undefined ? '' : `; \`${JSON.stringify(usual).replaceAll('"', '')}\` by default`
  if (only !== undefined) return `\`${JSON.stringify(only).replaceAll('"', '')}\``
  if (Array.isArray(values))
    // A blank is as good as nothing.
    return `one of ${values
      .filter((value) => value !== '')
      .map((value) => `\`${String(value)}\``)
      .join(', ')}${byDefault}`
  const ways = anyOf ?? oneOf
  if (Array.isArray(ways)) {
    const each = (ways as JsonSchema[]).map(wordsOf).filter((words) => words !== '')
    return `${[...new Set(each)].join(', or ')}${byDefault}`
  }
  switch (type) {
    case 'string':
      return `${textWords(field)}${byDefault}`
    case 'integer':
    case 'number':
      return `${numberWords(field)}${byDefault}`
    case 'boolean':
      return `true or false${byDefault}`
    case 'array':
      return `list of ${wordsOf((field['items'] ?? {}) as JsonSchema).replace(/^one of /, '') || 'values'}${countWords(field)}`
    case 'object':
      return objectWords(field)
    case 'null':
      return 'null'
    default:
      return ''
  }
}

function textWords({ format, minLength, maxLength, pattern }: JsonSchema): string {
  if (format === 'email') return 'mail address'
  if (format === 'uri') return 'URL'
  if (format === 'uuid') return 'id'
  if (format === 'date-time') return 'time (ISO 8601)'
  if (typeof pattern === 'string' && pattern.includes('[0-9a-f]{8}')) return 'id'
  if (typeof maxLength !== 'number') return 'text'
  return `text of ${typeof minLength === 'number' ? `${minLength} to ` : 'up to '}${withCommas(maxLength)} characters`
}

function numberWords({ minimum, maximum, type }: JsonSchema): string {
  const name = type === 'integer' ? 'whole number' : 'number'
  const isBound = (bound: unknown): bound is number =>
    typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER
  if (isBound(minimum) && isBound(maximum))
    return `${name}, ${withCommas(minimum)} to ${withCommas(maximum)}`
  if (isBound(minimum)) return `${name}, ${withCommas(minimum)} or more`
  return isBound(maximum) ? `${name}, at most ${withCommas(maximum)}` : name
}

function countWords({ maxItems }: JsonSchema): string {
  return typeof maxItems === 'number' ? `, at most ${withCommas(maxItems)}` : ''
}

function objectWords(field: JsonSchema): string {
  const fields = Object.entries(properties(field))
  if (fields.length === 0) return 'object'
  const required = requiredOf(field)
  return `{ ${fields.map(([name]) => `\`${name}\`${required.has(name) ? '' : '?'}`).join(', ')} }`
}

function properties(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>
}

function requiredOf(schema: JsonSchema): ReadonlySet<unknown> {
  return new Set(Array.isArray(schema['required']) ? schema['required'] : [])
}

function withCommas(value: number): string {
  return value.toLocaleString('en-US')
}
