// A part of `npm run build`: what is loaded together, as one file. Node takes up to a millisecond for a module, and a
// command that talks to a server would spend most of its time on finding them.
import { isBuiltin } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { build, type OnResolveArgs, type Plugin } from 'esbuild'
import { packageFile } from '../../src/core/index.ts'
import { PARSER, sourcesThatLoadPackages } from './packages.ts'

/** Folders of which all is entered by one file. */
const FOLDERS = [
  { entry: 'src/core/index.ts', folder: 'src/core' },
  { entry: 'src/errors.ts', folder: 'src/errors' },
  { entry: 'src/client/index.ts', folder: 'src/client' },
  { entry: 'src/hashes/index.ts', folder: 'src/hashes' },
]

const COMMAND_LINE = 'src/cli/run-command.ts'
/** An error is known by its class, of which there must be one. */
const ERRORS = 'src/errors.ts'

/** Whether something imported, a source or a package, stays an import. */
type Stays = (imported: string, kind: OnResolveArgs['kind']) => boolean

/**
 * What Node brings is loaded with the source that imports it, as the other sources of a bundle are; an import would load
 * it at once for all of them, and all that its exports stand for: WebCrypto with node:crypto.
 */
const whenNeeded: Plugin = {
  name: 'when-needed',
  setup(bundling) {
    bundling.onResolve({ filter: /./ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: 'builtin', sideEffects: false } : undefined,
    )
    bundling.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => {
      return { contents: `module.exports = process.getBuiltinModule('${path}')` }
    })
  },
}

async function writeBundle(entry: string, stays: Stays, ...more: readonly Plugin[]): Promise<void> {
  const written = `dist/${entry.replace(/\.ts$/, '.js')}`
  const pathTo = (source: string) => {
    const path = relative(dirname(entry), source).replace(/\.ts$/, '.js')
    return path.startsWith('.') ? path : `./${path}`
  }
  await build({
    entryPoints: [packageFile(entry)],
    outfile: packageFile(written),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2023',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [
      ...more,
      {
        name: 'stays-an-import',
        setup(bundling) {
          bundling.onResolve({ filter: /./ }, ({ path, kind, importer, resolveDir }) => {
            if (kind === 'entry-point' || importer.includes('/node_modules/')) return undefined
            const isSource = path.startsWith('.')
            const imported = isSource ? relative(packageFile('.'), join(resolveDir, path)) : path
            if (!stays(imported, kind)) return undefined
            return { path: isSource ? pathTo(imported) : path, external: true }
          })
        },
      },
    ],
  })
}

for (const { entry, folder } of FOLDERS) {
  await writeBundle(entry, (imported) => !imported.startsWith(`${folder}/`))
}

const heavy = await sourcesThatLoadPackages(COMMAND_LINE)
function staysOfCommandLine(...[imported, kind]: Parameters<Stays>): boolean {
  if (imported === ERRORS) return true
  if (kind !== 'dynamic-import') return imported !== PARSER && !imported.startsWith('src/')
  return heavy.has(imported) || !imported.startsWith('src/cli/')
}
await writeBundle(COMMAND_LINE, staysOfCommandLine, whenNeeded)
