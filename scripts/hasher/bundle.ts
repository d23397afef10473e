import { build, type Plugin } from 'esbuild'
import { packageFile } from '../../src/core/index.ts'

/** Packages that go into the script; any other would be node's. */
const MADE_FOR_BROWSERS = ['@noble/hashes/legacy.js']

/**
 * What a module is imported for alone is taken along: a stage is entered by its index, and what else stands there (node's
 * own modules behind it) has no business in a browser.
 */
const onlyWhatIsUsed: Plugin = {
  name: 'only-what-is-used',
  setup(bundling) {
    bundling.onResolve({ filter: /./ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || pluginData === onlyWhatIsUsed) return undefined
      const isMeant = path.startsWith('.') || MADE_FOR_BROWSERS.includes(path)
      if (!isMeant) return { path, external: true, sideEffects: false }
      const found = await bundling.resolve(path, { kind, resolveDir, pluginData: onlyWhatIsUsed })
      return { path: found.path, errors: found.errors, sideEffects: false }
    })
  },
}

/** The hasher for browsers as one script. Throws where anything of node is left in it. */
export async function bundleHasher(): Promise<Uint8Array> {
  const { outputFiles, metafile } = await build({
    entryPoints: [packageFile('src/fingerprint/browser/worker.ts')],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [onlyWhatIsUsed],
  })
  const foreign = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
  const [script] = outputFiles
  if (script === undefined || foreign.length > 0) {
    throw new Error(`what a browser has not: ${foreign.map(({ path }) => path).join(', ')}`)
  }
  return script.contents
}
