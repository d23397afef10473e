import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface WorkerFile {
  readonly url: URL
  readonly execArgv: readonly string[]
}

/**
 * The module `name` (without ending) beside the module whose `import.meta.url` is given, for a
 * worker thread. It is JavaScript once built; run from TypeScript it needs a loader, because
 * Node 20 does not read types. The loader is registered by its API: `--import tsx` does nothing
 * in a worker thread of Node 20.
 */
export function workerFile(name: string, importer: string): WorkerFile {
  const ending = extname(new URL(importer).pathname)
  const url = new URL(`./${name}${ending}`, importer)
  if (ending !== '.ts') return { url, execArgv: [] }
  const loader = createRequire(importer).resolve('tsx/esm/api').replace(/cjs$/, 'mjs')
  const register = `import { register } from '${pathToFileURL(loader).href}'; register()`
  return { url, execArgv: ['--import', `data:text/javascript,${encodeURIComponent(register)}`] }
}
