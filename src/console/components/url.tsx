import { defangedText } from '../../core/index.ts'

/** A URL of suspected material: to be read and copied, never followed. */
export function DefangedUrl({ url }: { readonly url: string }) {
  return <code class="url">{defangedText(url)}</code>
}
