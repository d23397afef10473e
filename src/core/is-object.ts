/** Whether a value has fields by name: JSON and YAML know texts, numbers, lists and null besides. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
